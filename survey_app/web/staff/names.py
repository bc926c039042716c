"""Names of languages and countries on staff pages."""

from babel import Locale


def language_name(code: str) -> str:
    """The name of a language in itself: `Deutsch`."""
    locale = Locale.parse(code)
    return (locale.get_display_name(locale) or code).capitalize()


def country_name(code: str) -> str:
    """The English name of a country, ISO 3166-1 alpha-2; the code itself where there is none."""
    return str(Locale("en").territories.get(code, code))
