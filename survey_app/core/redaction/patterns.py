"""What has a form of its own wherever it stands: addresses of mail and web, telephones, postal codes, long numbers."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from survey_app.core.redaction.marks import Kind, Mark
from survey_app.core.redaction.reading import Reading

REGIONS = {
    "ar": ("MA", "DZ", "TN", "EG", "SA", "AE", "SY", "LB", "JO", "IQ"),
    "de": ("DE", "AT", "CH", "LU"),
    "el": ("GR", "CY"),
    "en": ("GB", "IE", "MT"),
    "es": ("ES",),
    "fr": ("FR", "BE", "CH", "LU"),
    "it": ("IT", "CH"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
    "pt": ("PT",),
}
"""Where people who write a language have their telephones, as far as they write no country code."""

FEWEST_DIGITS = 7
"""Shorter telephone numbers are in use in places, but years and postal codes look the same."""

_MAIL_NAME, _DOMAIN = r"[\w.+%'-]+", r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}"
_EMAIL = re.compile(
    rf"{_MAIL_NAME}@[\w.-]*\w|{_MAIL_NAME}\s?(?:@|\[at\]|\(at\)|\{{at\}})\s?{_DOMAIN}"
    rf"|{_MAIL_NAME}\s(?:at|arobase|arroba|chiocciola|apenstaart(?:je)?)\s[\w-]+\s?(?:\.|\s(?:dot|punkt|point|punto|punt|ponto)\s)\s?[a-z]{{2,24}}\b",
    re.IGNORECASE,
)
_ENDINGS = (
    "com|org|net|info|eu|io|app|health|care|hospital|clinic|gov|edu|uk|ie|de|at|ch|fr|be|lu|es|cat|it|nl|pt|br|pl|se|dk|"
    "no|fi|cz|sk|hu|ro|bg|gr|hr|si|ee|lv|lt|mt|cy|is|tr|ma|dz|tn|eg|sa|me|blog|online|site"
)
_URL = re.compile(
    rf"(?:https?://|www\.)\S+[\w/]|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:{_ENDINGS})\b(?:/\S*)?|(?<![\w@.])@[\w.]{{3,30}}",
    re.IGNORECASE,
)
_POSTAL_CODE = re.compile(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b"  # United Kingdom
    r"|\b(?:[AC-FHKNPRTV-Y]\d[\dW]) ?[0-9AC-FHKNPRTV-Y]{4}\b"  # Ireland
    r"|\b[1-9]\d{3} ?[A-Z]{2}\b"  # Netherlands
    r"|\b\d{4}-\d{3}\b|\b\d{2}-\d{3}\b"  # Portugal, Poland
    r"|\b(?:D|F|I|E|B|A|L|CH|NL|P|DK|N|S|FI?|CZ|SK|HU?|GR|RO)[ -]\d{4,5}\b"
    r"|\b\d{3} \d{2}\b"  # Sweden, Czechia, Slovakia, Greece
    r"|\b\d{5}\b"
    r"|\b[1-9]\d{3}(?= [^\W\d_a-z])"  # four digits before a word with a capital
)
_LONG_NUMBER = re.compile(r"(?<![\w])\+?\(?\d(?:[ .\-/()·]{0,2}\d){4,}|\b[A-Za-z]{0,4}\d{4,}[A-Za-z]?\b")


def address_marks(reading: Reading) -> Iterator[Mark]:
    """Yield addresses of mail and web, written out (`name at example dot org`) ones too."""
    for pattern, kind in ((_EMAIL, Kind.EMAIL), (_URL, Kind.URL)):
        for found in pattern.finditer(reading.text):
            yield reading.mark(found.start(), found.end(), kind)


def phone_marks(reading: Reading, language: str) -> Iterator[Mark]:
    """Yield telephone numbers that are in use somewhere: with a country code, or as people of this language write them.

    The rules are those of libphonenumber.
    """
    for region in REGIONS.get(language, REGIONS["en"]):
        for found in PhoneNumberMatcher(reading.text, region, leniency=Leniency.VALID):
            if sum(sign.isdigit() for sign in found.raw_string) >= FEWEST_DIGITS:
                yield reading.mark(found.start, found.end, Kind.PHONE)


def number_marks(reading: Reading) -> Iterator[Mark]:
    """Yield postal codes, and whatever has five digits or more: numbers of files, of insurances, of anything."""
    for pattern, kind in ((_POSTAL_CODE, Kind.POSTAL_CODE), (_LONG_NUMBER, Kind.NUMBER)):
        for found in pattern.finditer(reading.text):
            yield reading.mark(found.start(), found.end(), kind)
