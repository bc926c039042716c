"""What the first question costs a phone with an empty cache: requests, bytes on the wire, time to see, jumps.

    python -m benchmarks.first_page [LANGUAGE …]

Bytes are counted by a proxy between browser and server: everything in both directions, headers too. The line has
400 kbit/s and 400 ms round trip, the processor is four times slower (Chromium's own emulation). The floor is an empty
page from the same production server, measured in the same run. Ends with 1 when a limit is exceeded.
"""

import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from playwright.sync_api import Browser

from benchmarks.site import Site, floor, free_port, site
from benchmarks.walk import begin, chromium, phone

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 4
LIMITS = {"requests": 3, "bytes": 14_000, "third": 0, "lcp": 2.0, "cls": 0.01}
WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.lcp = e.startTime })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.cls += e.value })
  .observe({type: 'layout-shift', buffered: true});
"""
REQUEST = re.compile(rb"^[A-Z]+ /\S* HTTP/1\.1\r$", re.MULTILINE)  # also those that a page does not tell, for icons
SETTLE_SECONDS = 3.0


@dataclass
class Cost:
    """What one page cost. plain: bytes before compression, bodies only. third: requests to other hosts."""

    name: str
    requests: int = 0
    up: int = 0
    down: int = 0
    plain: int = 0
    third: int = 0
    lcp: float = 0
    cls: float = 0
    addresses: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """Everything in both directions."""
        return self.up + self.down


class CountingProxy:
    """Passes every byte on and counts it."""

    def __init__(self, port: int) -> None:
        self.target, self.port = port, free_port()
        self.up, self.down = bytearray(), 0
        self.listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self.listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                threading.Thread(target=self._pass, args=(near, far, "up"), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, "down"), daemon=True).start()

    def _pass(self, source: socket.socket, goal: socket.socket, way: str) -> None:
        with suppress(OSError):
            while block := source.recv(65536):
                if way == "up":
                    self.up += block
                else:
                    self.down += len(block)
                goal.sendall(block)
            goal.shutdown(socket.SHUT_WR)


@contextmanager
def counted(port: int) -> Iterator[CountingProxy]:
    """A counting proxy before a port."""
    proxy = CountingProxy(port)
    yield proxy
    proxy.close()


def measure(browser: Browser, name: str, port: int, path: str, cookies: list[dict[str, str]]) -> Cost:
    """Open one page with an empty cache on a slow line."""
    cost = Cost(name)
    with counted(port) as proxy:
        home = f"http://127.0.0.1:{proxy.port}"
        context = phone(browser)
        context.add_cookies([{**one, "url": f"{home}/s/"} for one in cookies])
        page = context.new_page()
        page.add_init_script(WATCH)
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        wire.on("Network.dataReceived", lambda told: setattr(cost, "plain", cost.plain + told["dataLength"]))
        context.on("request", lambda asked: cost.addresses.append(asked.url))
        page.goto(home + path, wait_until="load", timeout=60_000)
        page.wait_for_timeout(SETTLE_SECONDS * 1000)
        seen = page.evaluate("seen")
        context.close()
    asked = [address for address in cost.addresses if not address.startswith("data:")]
    cost.third = sum(not address.startswith(home) for address in asked)
    cost.requests, cost.up, cost.down = len(REQUEST.findall(proxy.up)), len(proxy.up), proxy.down
    cost.lcp, cost.cls = seen["lcp"] / 1000, seen["cls"]
    return cost


def first_question(browser: Browser, served: Site, language: str) -> tuple[str, list[dict[str, str]]]:
    """The path of the first question, and the cookies of a person who has just begun."""
    context = phone(browser, java_script_enabled=False)
    address = begin(context.new_page(), served.address, language)
    cookies = [{"name": one["name"], "value": one["value"]} for one in context.cookies()]
    context.close()
    return address.removeprefix(served.address), cookies


def table(costs: list[Cost]) -> str:
    """The costs beside the limits."""
    widths = (24, 9, 10, 8, 8, 7, 10, 8, 8)
    head = ("", "requests", "elsewhere", "bytes", "= down", "+ up", "unpacked", "LCP s", "CLS")
    rows = [
        (one.name, one.requests, one.third, one.bytes, one.down, one.up, one.plain, f"{one.lcp:.2f}", f"{one.cls:.4f}")
        for one in costs
    ]
    limit = ("limit", LIMITS["requests"], 0, LIMITS["bytes"], "", "", "", f"{LIMITS['lcp']:.2f}", LIMITS["cls"])
    return "\n".join(
        "".join(
            f"{cell!s:>{width}}" if place else f"{cell:{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (head, *rows, limit)
    )


def exceeded(cost: Cost) -> list[str]:
    """What a page exceeds."""
    return [
        f"{cost.name}: {what} {getattr(cost, what)}" for what, limit in LIMITS.items() if getattr(cost, what) > limit
    ]


def main(languages: list[str]) -> int:
    """Measure and print."""
    with chromium() as browser, floor() as empty, site() as served:
        costs = [measure(browser, "floor: empty page", empty.port, "/", [])]
        for language in languages:
            path, cookies = first_question(browser, served, language)
            costs.append(measure(browser, f"first question, {language}", served.port, path, cookies))
    print(table(costs))
    over = [line for one in costs[1:] for line in exceeded(one)]
    print("\n".join(["over the limit:", *over]) if over else "all within the limits")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["en", "de", "ar"]))
