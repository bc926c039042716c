"""Slow down guessing without knowing who guesses.

Failures are counted in memory under a keyed hash of the network address. The key is made at random and thrown away
every day, with all counts. Nothing is stored or logged, and an address cannot be found from what is in memory.
"""

import hmac
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

DAY_SECONDS = 86_400
MOST_ADDRESSES = 50_000


@dataclass(kw_only=True)
class RateLimit:
    """At most `failures` within `seconds` from one address. `clock` tells seconds; tests give their own."""

    failures: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _key: bytes = b""
    _key_since: float = float("-inf")
    _failed: OrderedDict[bytes, list[float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def is_reached(self, address: str | None) -> bool:
        """Tell whether this address must wait."""
        with self._lock:
            return len(self._recent(self._name(address))) >= self.failures

    def count_failure(self, address: str | None) -> None:
        """Remember that a try from this address failed."""
        with self._lock:
            name = self._name(address)
            self._failed[name] = [*self._recent(name), self.clock()][-self.failures :]
            self._failed.move_to_end(name)
            while len(self._failed) > MOST_ADDRESSES:
                self._failed.popitem(last=False)

    @property
    def minutes(self) -> int:
        """How long to wait at most, in whole minutes."""
        return max(1, round(self.seconds / 60))

    def minutes_to_wait(self, address: str | None) -> int:
        """Whole minutes until this address may try again, 0 when it may now."""
        with self._lock:
            recent = self._recent(self._name(address))
            if len(recent) < self.failures:
                return 0
            return max(1, math.ceil((recent[-self.failures] + self.seconds - self.clock()) / 60))

    def _name(self, address: str | None) -> bytes:
        if self.clock() - self._key_since >= DAY_SECONDS:
            self._key = secrets.token_bytes(32)
            self._key_since = self.clock()
            self._failed.clear()
        return hmac.digest(self._key, (address or "").encode(), sha256)

    def _recent(self, name: bytes) -> list[float]:
        since = self.clock() - self.seconds
        return [moment for moment in self._failed.get(name, []) if moment > since]
