"""Numbers that a state or a bank gives to one person, told by their check digits.

The algorithms are those of python-stdnum, which cites the rules of each issuing body: NHS number (modulus 11, NHS Data
Dictionary), codice fiscale (D.M. 12 March 1974), DNI and NIE (modulus 23, Ministerio del Interior), Steuer-ID
(ISO 7064 Mod 11,10), BSN (eleven test), NIR (modulus 97, INSEE), numéro national (modulus 97), PESEL, personnummer
(Luhn), and so on; IBAN is ISO 13616 (modulus 97-10), card numbers are ISO/IEC 7812 (Luhn).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from stdnum import iban, luhn
from stdnum.at import vnr
from stdnum.be import bis, nn
from stdnum.bg import egn
from stdnum.ch import ssn as ahv
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.ee import ik
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nif as french_nif
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.gr import amka
from stdnum.hr import oib
from stdnum.ie import pps
from stdnum.is_ import kennitala
from stdnum.it import codicefiscale
from stdnum.lt import asmens
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.pt import cc
from stdnum.pt import nif as portuguese_nif
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.si import emso
from stdnum.tr import tckimlik

from survey_app.core.redaction.marks import Kind, Mark
from survey_app.core.redaction.reading import Reading

MOST_TOKENS = 9
"""An IBAN in groups of four has up to nine."""
_TOKEN = re.compile(r"[A-Za-z0-9+]+")
_BETWEEN = re.compile(r"[ .\-/·]{1,3}")


@dataclass(frozen=True, slots=True)
class _Number:
    """A kind of number. form: its letters and digits without separators. valid: its check digits."""

    name: str
    form: re.Pattern[str]
    valid: Callable[[str], bool]
    kind: Kind = Kind.NATIONAL


def _number(name: str, form: str, valid: Callable[[str], bool], kind: Kind = Kind.NATIONAL) -> _Number:
    return _Number(name, re.compile(form), valid, kind)


NUMBERS = (
    _number("IBAN", r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban.is_valid, Kind.ACCOUNT),
    _number("card number", r"\d{13,19}", luhn.is_valid, Kind.ACCOUNT),
    _number("NHS number", r"\d{10}", nhs.is_valid),
    _number(
        "codice fiscale", r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9A-Z]{2}[A-Z][0-9A-Z]{3}[A-Z]", codicefiscale.is_valid
    ),
    _number("DNI", r"\d{8}[A-Z]", dni.is_valid),
    _number("NIE", r"[XYZ]\d{7}[A-Z]", nie.is_valid),
    _number("Steuer-ID", r"\d{11}", idnr.is_valid),
    _number("BSN", r"\d{8,9}", bsn.is_valid),
    _number("NIR", r"[1-478]\d{4}[0-9AB]{2}\d{6}\d{2}", nir.is_valid),
    _number("numéro fiscal", r"[0-3]\d{12}", french_nif.is_valid),
    _number("NISS", r"\d{11}", lambda given: bool(nn.is_valid(given) or bis.is_valid(given))),
    _number("PESEL", r"\d{11}", pesel.is_valid),
    _number("personnummer", r"(?:\d{2})?\d{6}\+?\d{4}", personnummer.is_valid),
    _number("CPR", r"\d{10}", cpr.is_valid),
    _number("fødselsnummer", r"\d{11}", fodselsnummer.is_valid),
    _number("henkilötunnus", r"\d{6}[A-FYXWVU+]?\d{3}[0-9A-Z]", lambda given: bool(_finnish(given))),
    _number("NIF", r"[1-35689]\d{8}", portuguese_nif.is_valid),
    _number("Cartão de Cidadão", r"\d{9}[A-Z0-9]{2}\d", cc.is_valid),
    _number("PPS number", r"\d{7}[A-W][A-IW]?", pps.is_valid),
    _number("Versicherungsnummer", r"\d{10}", vnr.is_valid),
    _number("AHV number", r"756\d{10}", ahv.is_valid),
    _number("rodné číslo", r"\d{9,10}", rc.is_valid),
    _number("EGN", r"\d{10}", egn.is_valid),
    _number("CNP", r"\d{13}", cnp.is_valid),
    _number("OIB", r"\d{11}", oib.is_valid),
    _number("EMŠO", r"\d{13}", emso.is_valid),
    _number("isikukood", r"\d{11}", ik.is_valid),
    _number("asmens kodas", r"\d{11}", asmens.is_valid),
    _number("AMKA", r"\d{11}", amka.is_valid),
    _number("kennitala", r"\d{10}", kennitala.is_valid),
    _number("TC kimlik", r"[1-9]\d{10}", tckimlik.is_valid),
)


def national_marks(reading: Reading) -> Iterator[Mark]:
    """Yield every run of groups whose letters and digits have the form and the check digits of a known number."""
    for first, last, compact in _runs(reading.text):
        found = next((one for one in NUMBERS if one.form.fullmatch(compact) and one.valid(compact)), None)
        if found is not None:
            yield reading.mark(first, last, found.kind, found.name)


def _runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of neighbouring groups, with their letters and digits put together in capitals; those without digits not."""
    tokens = list(_TOKEN.finditer(text))
    near = [bool(_BETWEEN.fullmatch(text[one.end() : two.start()])) for one, two in pairwise(tokens)]
    for start, token in enumerate(tokens):
        compact = ""
        for end in range(start, min(start + MOST_TOKENS, len(tokens))):
            if end > start and not near[end - 1]:
                break
            compact += tokens[end].group().upper()
            if len(compact) > 34:
                break
            if len(compact) >= 8 and any(sign.isdigit() for sign in compact):
                yield token.start(), tokens[end].end(), compact


def _finnish(compact: str) -> bool:
    """Put the sign of the century back that was taken for a separator."""
    return bool(hetu.is_valid(compact) or (len(compact) == 10 and hetu.is_valid(f"{compact[:6]}-{compact[6:]}")))
