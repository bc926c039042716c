"""Countries and the regions they are pooled into.

Source: United Nations Statistics Division, Standard country or area codes for statistical use (M49);
countries by ISO 3166-1 alpha-2. Names in every language come from CLDR, under the same codes.
"""

from collections.abc import Mapping

_BY_REGION = {
    "015": "DZ EG LY MA SD TN EH",
    "014": "BI KM DJ ER ET KE MG MW MU YT MZ RE RW SC SO SS TZ UG ZM ZW IO TF",
    "017": "AO CM CF TD CG CD GQ GA ST",
    "018": "BW SZ LS NA ZA",
    "011": "BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG",
    "029": "AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI",
    "013": "BZ CR SV GT HN MX NI PA",
    "005": "AR BO BR CL CO EC FK GF GY PY PE SR UY VE BV GS",
    "021": "BM CA GL PM US",
    "143": "KZ KG TJ TM UZ",
    "030": "CN HK MO KP JP MN KR TW",
    "035": "BN KH ID LA MY MM PH SG TH TL VN",
    "034": "AF BD BT IN IR MV NP PK LK",
    "145": "AM AZ BH CY GE IQ IL JO KW LB OM QA SA PS SY TR AE YE",
    "151": "BY BG CZ HU PL MD RO RU SK UA",
    "154": "AX DK EE FO FI GG IS IE IM JE LV LT NO SJ SE GB",
    "039": "AL AD BA HR GI GR VA IT MT ME MK PT SM RS SI ES XK",
    "155": "AT BE FR DE LI LU MC NL CH",
    "053": "AU NZ NF CX CC HM",
    "054": "FJ NC PG SB VU",
    "057": "GU KI MH FM NR MP PW UM",
    "061": "AS CK PF NU PN WS TK TO TV WF",
}

REGION_OF: Mapping[str, str] = {
    country: region for region, countries in _BY_REGION.items() for country in countries.split()
}
"""Country -> code of its M49 subregion."""

COUNTRIES = tuple(sorted(REGION_OF))
"""All countries, by code."""
