"""A small study for tests of the gate: a few questions, as many invented people as wanted, and releases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from survey_app.core.analysis.scoring import score_scales
from survey_app.core.dataset import Dataset, ResponseRecord, dataset_of
from survey_app.core.protection.cell_keys import RecordKey
from survey_app.core.protection.material import NOTHING_WITHHELD, Facts, History, Withheld
from survey_app.core.protection.menu import trees_of
from survey_app.core.protection.people import People, people_of, populations_of
from survey_app.core.protection.plan import EVERYTHING, Plan
from survey_app.core.protection.policy import ALL_DEFENCES, Defences, Policy, policy_for
from survey_app.core.protection.tables import Protected, protect
from survey_app.core.protection.variables import variables_of
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.response.answers import Answers, Value

MODULES = ("SCR", "CJ", "DM")
COUNTRIES = ("DE", "FR", "NL", "BE", "AT", "IT", "ES", "PT", "GB", "IE")
STAGES = ("S01", "S02", "S03", "S04")


def _options(*codes: str, numbers: bool = True) -> list[dict[str, object]]:
    return [{"code": code, "text": code, **({"value": n} if numbers else {})} for n, code in enumerate(codes)]


def _stage(code: str) -> dict[str, object]:
    words = dict.fromkeys(("code", "key", "text", "short", "heading_now", "heading_past"), code)
    return words | {"day_from": None, "day_to": None}


_FREQUENCY = _options("never", "sometimes", "often", "always")
_PROXY = {"code": "other", "text": "other", "value": 3}
_AGES = ("a18", "a40", "a60", "a80")

QUESTIONNAIRE = Questionnaire.model_validate(
    {
        "format": 1,
        "id": "small",
        "version": "1.0.0",
        "language": "en",
        "title": "Small",
        "status": "draft_untested",
        "licence": "CC0",
        "stages": [_stage(code) for code in STAGES],
        "stage_groups": [
            {"code": "early", "text": "early", "options": ["S01", "S02"]},
            {"code": "late", "text": "late", "options": ["S03", "S04"]},
        ],
        "roles": [{"code": role, "text": role, "short": role} for role in ("patient", "caregiver")],
        "recall": {"week": {"prospective": "Now", "retrospective": "Then"}, "none": {}},
        "response_sets": {
            "freq": {"kind": "ordinal", "options": _FREQUENCY, "problem": ["often", "always"]},
            "hard": {
                "kind": "rating", "low": 0, "high": 10, "low_text": "a", "high_text": "b", "problem": [7, 8, 9, 10]
            },
        },
        "modules": [
            {
                "id": "SCR",
                "title": "Start",
                "audience": ["patient", "caregiver"],
                "items": [
                    {
                        "id": "SC01", "type": "consent", "text": "?", "purpose": "part", "required": True,
                        "privacy": "P0",
                    },
                    {"id": "SC07", "type": "role", "text": "?", "privacy": "P1"},
                    {"id": "SC08", "type": "stage", "text": "?", "privacy": "P2"},
                    {
                        "id": "SC10", "type": "single", "text": "?", "construct": "who_answers", "privacy": "P0",
                        "options": [{"code": "self", "text": "self", "value": 1}, _PROXY],
                    },
                    {"id": "SC12", "type": "single", "text": "?", "privacy": "P1", "options": _options("a", "b", "c")},
                ],
            },
            {
                "id": "CJ",
                "title": "Step",
                "audience": ["patient"],
                "items": [
                    *(
                        {
                            "id": f"CJ0{n}", "type": "single", "text": "?", "recall": "week", "responses": "freq",
                            "direction": "higher_worse", "privacy": "P1",
                        }
                        for n in (1, 2, 3)
                    ),
                    {
                        "id": "CJ10", "type": "rating", "text": "?", "recall": "week", "responses": "hard",
                        "privacy": "P1",
                    },
                    {
                        "id": "CJ11", "type": "single", "text": "?", "recall": "week", "responses": "freq",
                        "show_if": "stage in ['S03','S04']", "privacy": "P1",
                    },
                    {
                        "id": "CJ12", "type": "multiple", "text": "?", "recall": "week", "privacy": "P1",
                        "options": _options("x", "y", "z"),
                    },
                    {"id": "CJ21", "type": "text", "text": "?", "recall": "week", "privacy": "P3"},
                ],
            },
            {
                "id": "DM",
                "title": "You",
                "audience": ["patient", "caregiver"],
                "items": [
                    {"id": "DM01", "type": "country", "text": "?", "construct": "country_home", "privacy": "P2"},
                    {
                        "id": "DM03", "type": "single", "text": "?", "construct": "age_band", "privacy": "P2",
                        "options": _options(*_AGES),
                        "generalise": [
                            {"code": "to59", "text": "to 59", "options": ["a18", "a40"]},
                            {"code": "over59", "text": "over 59", "options": ["a60", "a80"]},
                        ],
                    },
                    {
                        "id": "DM04", "type": "single", "text": "?", "construct": "gender", "privacy": "P2",
                        "options": _options("woman", "man", "other"),
                        "generalise": [
                            {"code": code, "text": code, "options": [code]} for code in ("woman", "man", "other")
                        ],
                    },
                ],
            },
        ],
        "scales": [
            {
                "id": "JB", "name": "Burden", "module": "CJ", "method": "linear_0_100",
                "items": ["CJ01", "CJ02", "CJ03"],
                "low": 0, "high": 3, "direction": "higher_worse", "low_text": "less", "high_text": "more",
            }
        ],
    },
    strict=False,
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A release, and what it was made from."""

    protected: Protected
    people: People
    dataset: Dataset

    @property
    def cube(self):
        return self.protected.cube

    def history(self, *earlier: "Made") -> History:
        """What the next release finds, after `earlier` and this one."""
        entries = tuple(one.protected.entry for one in (*earlier, self))
        return History(menu=self.protected.menu, entries=entries, cube=self.cube)


def some_people(
    n: int,
    *,
    seed: int = 1,
    batch: int = 1,
    modes: Sequence[str] = ("prospective",),
    caregivers: float = 0.0,
    proxies: float = 0.0,
    skipped: float = 0.03,
    countries: Sequence[str] = COUNTRIES,
) -> list[ResponseRecord]:
    """Invented people, large countries first."""
    random = Random(f"{seed}/{batch}")
    weights = [1 / (place + 1) for place in range(len(countries))]
    found = []
    for number in range(n):
        role = "caregiver" if random.random() < caregivers else "patient"
        answers = _answers(random, role, random.choices(countries, weights)[0], proxies, skipped)
        found.append(
            a_record(f"{random.getrandbits(64):016x}-{number}", answers, batch=batch, mode=random.choice(modes))
        )
    return found


def a_record(
    person: str, answers: Mapping[str, Value], *, batch: int = 1, wave: int = 1, status: str = "whole",
    mode: str = "prospective",
) -> ResponseRecord:  # fmt: skip
    return ResponseRecord(
        person=person, wave=wave, batch=batch, status=status, language="en", recall_mode=mode,
        questionnaire_version="1.0.0", answers=Answers(dict(answers)),
    )  # fmt: skip


def changed(record: ResponseRecord, **answers: Value) -> ResponseRecord:
    """The same response with other answers."""
    return replace(record, answers=record.answers.with_entries(answers))


def release(
    records: Sequence[ResponseRecord],
    *,
    quarter: str = "2026-Q1",
    history: History | None = None,
    defences: Defences = ALL_DEFENCES,
    modes: Sequence[str] = ("prospective",),
    policy: Policy | None = None,
    record_key: RecordKey | None = None,
    withheld: Withheld = NOTHING_WITHHELD,
    plan: Plan = EVERYTHING,
) -> Made:
    """Make a release of everything in `records`, as the service does."""
    dataset = dataset_of(QUESTIONNAIRE, records, MODULES)
    populations = populations_of(("patient", "caregiver"), modes)
    people = people_of(dataset, populations, trees_of(QUESTIONNAIRE, MODULES, plan.hierarchies))
    variables = variables_of(QUESTIONNAIRE, MODULES, people.dataset, score_scales(QUESTIONNAIRE, people.dataset))
    before = history.cube.rules.tier if history and history.cube else "T0"
    policy = policy or policy_for(len(people.population), before=before)
    made = protect(
        _facts(quarter), people, variables, history or History(), policy, defences=defences, record_key=record_key,
        withheld=withheld,
        plan=plan,
    )  # fmt: skip
    return Made(made, people, dataset)


def _facts(quarter: str) -> Facts:
    return Facts(
        release=f"small-{quarter}", study="small", title={"en": "Small"}, organisation="Nobody",
        questionnaire="small", questionnaire_version="1.0.0", questionnaire_sha256="0" * 64,
        questionnaire_status="draft_untested", quarter=quarter, first_quarter="2026-Q1", synthetic=True,
        languages=("en",), translation_states={"en": "draft"},
    )  # fmt: skip


def _answers(random: Random, role: str, country: str, proxies: float, skipped: float) -> dict[str, Value]:
    given: dict[str, Value] = {
        "SC07": role,
        "SC08": random.choices(STAGES, (4, 2, 3, 1))[0],
        "SC10": "other" if random.random() < proxies else "self",
        "SC12": random.choice("abc"),
        "DM01": country,
        "DM03": random.choices(_AGES, (1, 4, 4, 1))[0],
        "DM04": random.choices(("woman", "man", "other"), (49, 49, 2))[0],
    }
    if role == "patient":
        given |= {f"CJ0{n}": random.choice([str(o["code"]) for o in _FREQUENCY]) for n in (1, 2, 3)}
        given |= {"CJ10": random.randint(0, 10), "CJ12": tuple(random.sample("xyz", random.randint(1, 3)))}
        given |= {"CJ11": random.choice([str(o["code"]) for o in _FREQUENCY]), "CJ21": f"Words of {random.random()}"}
    kept = {item: value for item, value in given.items() if item in ("SC07", "SC08") or random.random() >= skipped}
    return {"SC01": True, **kept}
