"""Sentences with identifiers planted in them, the same every time: made up by rule, with true check digits."""

from collections.abc import Iterator
from random import Random

from stdnum import iban, luhn
from stdnum.be import nn
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.iso7064 import mod_11_10
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.pt import nif

FRAMES = {
    "en": (
        "The worst day was when they wrote to {} about me.",
        "Please note {}, it was hard.",
        "{} is what I remember",
    ),
    "de": ("Am schlimmsten war {} und dann das Warten.", "Bitte {} notieren.", "{} weiß ich noch genau"),
    "fr": ("Le plus dur était {} et ensuite l’attente.", "Merci de noter {}.", "{} reste dans ma tête"),
    "es": ("Lo peor fue {} y luego la espera.", "Por favor, anoten {}.", "{} es lo que recuerdo"),
    "it": ("Il peggio è stato {} e poi l’attesa.", "Vi prego di annotare {}.", "{} è ciò che ricordo"),
    "nl": ("Het ergste was {} en daarna het wachten.", "Graag {} noteren.", "{} weet ik nog"),
    "pt": ("O pior foi {} e depois a espera.", "Por favor anotem {}.", "{} é o que recordo"),
    "pl": ("Najgorsze było {} i potem czekanie.", "Proszę zapisać {}.", "{} to pamiętam"),
    "ar": ("كان الأصعب {} ثم الانتظار.", "يرجى تسجيل {} عندكم.", "{} هذا ما أتذكره"),
    "el": ("Το χειρότερο ήταν {} και μετά η αναμονή.", "Παρακαλώ σημειώστε {}.", "{} αυτό θυμάμαι"),
}
MONTHS = {
    "en": "March",
    "de": "März", "fr": "août", "es": "marzo", "it": "maggio", "nl": "augustus", "pt": "março", "ar": "مايو",
    "pl": "września",
    "el": "Μαΐου",
}  # fmt: skip
DATES = {
    "en": ("{d} {m} {y}", "{m} {d}, {y}", "the {d}th of {m}"),
    "de": ("{d}. {m} {y}", "{d}. {m}", "{m} {y}"),
    "fr": ("{d} {m} {y}", "{d} {m}", "{m} {y}"),
    "es": ("{d} de {m} de {y}", "{d} de {m}", "{m} de {y}"),
    "it": ("{d} {m} {y}", "{d} {m}", "{m} {y}"),
    "nl": ("{d} {m} {y}", "{d} {m}", "{m} {y}"),
    "pt": ("{d} de {m} de {y}", "{d} de {m}", "{m} de {y}"),
    "pl": ("{d} {m} {y}", "{d} {m}", "{m} {y}"),
    "ar": ("{d} {m} {y}", "{d} {m}", "{m} {y}"),
    "el": ("{d} {m} {y}", "{d} {m}", "{m} {y}"),
}  # fmt: skip
AGES = {
    "en": ("{} years old", "aged {}", "I am {}"),
    "de": ("{} Jahre alt", "{}-jährig", "ich bin {}"),
    "fr": ("{} ans", "âgée de {} ans", "j’ai {} ans"),
    "es": ("{} años", "tengo {} años", "cumplí {}"),
    "it": ("{} anni", "ho {} anni", "età {}"),
    "nl": ("{} jaar", "ik ben {}", "leeftijd {}"),
    "pt": ("{} anos", "tenho {} anos", "idade {}"),
    "pl": ("{} lat", "mam {} lata", "{}-letnia"),
    "ar": ("{} عاما", "عمري {}", "{} سنة"),
    "el": ("{} ετών", "{} χρονών", "είμαι {}"),
}  # fmt: skip
PHONES = {
    "en": ("020 7946 0{:03}", "+44 20 7946 0{:03}", "(020) 7946 0{:03}"),
    "de": ("030 1234{:03}", "0171/1234{:03}", "+49 30 1234{:03}"),
    "fr": ("06 12 34 5{:03}", "+33 6 12 34 5{:03}", "01.42.34.5{:03}"),
    "es": ("612 34 5{:03}", "+34 912 34 5{:03}", "912345{:03}"),
    "it": ("347 123 4{:03}", "+39 06 1234 5{:03}", "06 1234 5{:03}"),
    "nl": ("06-12345{:03}", "+31 6 12345{:03}", "020 123 4{:03}"),
    "pt": ("912 345 {:03}", "+351 912 345 {:03}", "212 345 {:03}"),
    "pl": ("601 234 {:03}", "+48 601 234 {:03}", "22 621 0{:03}"),
    "ar": ("0612345{:03}", "+212 612 345 {:03}", "00212 612 345{:03}"),
    "el": ("694 123 4{:03}", "+30 210 123 4{:03}", "210 123 4{:03}"),
}  # fmt: skip
POSTAL_CODES = {
    "en": ("SW1A 2AA", "M1 1AE", "D02 X285"),
    "de": ("50667", "D-50667", "A-1010"),
    "fr": ("75013", "F-75013", "B-1000"),
    "es": ("28013", "E-28013", "08001"),
    "it": ("00184", "I-00184", "20121"),
    "nl": ("1012 AB", "1012AB", "B-2000"),
    "pt": ("1000-205", "4050-313", "P-4050"),
    "pl": ("00-950", "31-008", "PL 80-001"),
    "ar": ("20250", "10000", "33000"),
    "el": ("105 57", "10557", "GR-10557"),
}  # fmt: skip
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def identifiers(language: str, random: Random) -> Iterator[tuple[str, str]]:
    """Kind and text of identifiers as people of a language write them."""
    number = random.randrange(1000)
    name = random.choice(["m.rossi", "anna-k", "j_doe7", "lea+x"])
    domain = random.choice(["example.org", "mail.example.com", "beispiel.example.de"])
    yield from (("e-mail", one.format(name, domain)) for one in ("{}@{}", "{} (at) {}"))
    yield "e-mail", f"{name} at example dot org"
    yield from (("url", one) for one in (f"https://{domain}/p/{number}", f"www.{domain}", "my-story.example.blog"))
    yield from (("phone", one.format(number)) for one in PHONES[language])
    yield from (("postal code", one) for one in POSTAL_CODES[language])
    yield from (("age", one.format(random.randint(90, 104))) for one in AGES[language])
    when = {"d": random.randint(4, 19), "m": MONTHS[language], "y": random.randint(2015, 2026)}
    yield from (("date", one.format(**when)) for one in DATES[language])
    yield from (("date", one.format(**when)) for one in ("{d}.3.{y}", "{d}/03/{y}", "{y}-03-{d:02}", "{d}.03.26"))
    yield from (("number", one) for one in numbers(random))


def numbers(random: Random) -> Iterator[str]:
    """Account and national numbers with true check digits, with separators as on the papers."""
    account = f"{random.randrange(10**18):018}"
    german = f"DE{iban.calc_check_digits('DE00' + account)}{account}"
    yield from (german, iban.format(german), iban.format(german).lower())
    card = f"4{random.randrange(10**14):014}"
    card += luhn.calc_check_digit(card)
    yield " ".join(card[at : at + 4] for at in range(0, 16, 4))
    yield from _with_check_digits(random)


def _with_check_digits(random: Random) -> Iterator[str]:
    ten = next(n for n in (f"9{random.randrange(10**8):08}" for _ in range(99)) if _english(n) < 10)
    yield f"{ten[:3]} {ten[3:6]} {ten[6:]}{_english(ten)}"
    yield "RSSMRA85T10A562" + codicefiscale.calc_check_digit("RSSMRA85T10A562")
    eight = f"{random.randrange(10**8):08}"
    yield from (eight + dni.calc_check_digit(eight), f"{eight}-{dni.calc_check_digit(eight)}")
    yield f"X{eight[:7]}{nie.calc_check_digit(f'X{eight[:7]}')}"
    yield idnr.format("3657426180" + mod_11_10.calc_check_digit("3657426180"))
    nine = next(n for n in (f"1{random.randrange(10**7):07}" for _ in range(99)) if bsn.is_valid(n + str(_eleven(n))))
    yield nine + str(_eleven(nine))
    birth = f"2{random.randint(30, 99)}0{random.randint(1, 9)}75{random.randrange(10**6):06}"
    yield nir.format(birth + nir.calc_check_digits(birth))
    belgian = f"{random.randint(40, 99)}0315{random.randint(1, 997):03}"
    yield nn.format(belgian + f"{97 - int(belgian) % 97:02}")
    polish = f"{random.randint(40, 99)}0315{random.randrange(10**4):04}"
    yield polish + pesel.calc_check_digit(polish)
    portuguese = f"2{random.randrange(10**7):07}"
    yield portuguese + nif.calc_check_digit(portuguese)


def _english(nine: str) -> int:
    return (11 - sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11) % 11


def _eleven(eight: str) -> int:
    return sum((9 - place) * int(digit) for place, digit in enumerate(eight)) % 11


def planted() -> Iterator[tuple[str, str, str, str]]:
    """Language, kind, identifier and sentence: every kind in every language and in three kinds of place."""
    for language, frames in FRAMES.items():
        random = Random(f"planted {language}")
        for place, frame in enumerate(frames):
            for kind, identifier in identifiers(language, random):
                own = identifier
                if language == "ar" and place == 1 and kind not in ("e-mail", "url"):
                    own = identifier.translate(ARABIC_DIGITS)
                yield language, kind, own, frame.format(own)
