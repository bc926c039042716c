"""How the report was made and how it protects people: from the rules of the release, in plain words."""

from survey_app.core.privacy import Missing
from survey_app.core.report.findings import citation, state
from survey_app.core.report.model import Block, Box, Boxes, Section
from survey_app.core.report.reading import FEW, WIDE
from survey_app.core.report.wording import Wording

SEAL_LENGTH = 16


def method(wording: Wording) -> Section:
    """The page of method and protection."""
    cube, say, number = wording.cube, wording.say, wording.number
    rules = cube.rules
    questions = [
        say("method/questions_1", title=wording.quote(wording.ask("title")), version=cube.questionnaire_version)
    ]
    if cube.questionnaire_status.startswith("draft"):
        questions.append(say("method/questions_2"))
    kinds = wording.every(say(f"missing/{kind.value}") for kind in Missing)
    high, low = wording.percent(rules.unanimity), wording.percent(1 - rules.unanimity)
    numbers = (
        say("method/numbers_1", level=wording.level),
        say("method/numbers_2", few=number(FEW), wide=number(WIDE)),
        say("method/numbers_3"),
        say("method/missing", kinds=kinds),
    )
    protection = (
        _disguise(wording),
        say("method/privacy_2", smallest=number(rules.smallest_base)),
        say("method/privacy_3", high=high, low=low),
        *(
            say("method/privacy_5", people=number(people), share=wording.percent(share))
            for people, share in rules.unanimity_below
        ),
        say("method/privacy_6" if wording.voices else "method/privacy_4", delta=number(rules.delta)),
    )
    languages = tuple(
        say("method/language", language=_language(wording, code), state=say(f"state/{state(wording, code)}"))
        for code in cube.languages
    )
    release = (
        say("cover/release", release=cube.release),
        say("cover/period", period=wording.period(cube.first_quarter, cube.quarter)),
        *([say("method/approved")] if rules.approvals > 1 else []),
        say("method/seal", seal=wording.isolate(cube.sha256[:SEAL_LENGTH])),
    )
    return Section(
        id="method",
        eyebrow=say("method/part"),
        heading=say("method/heading"),
        fresh=False,
        blocks=(
            Boxes(
                boxes=(
                    Box(heading=say("method/people"), lines=(say("method/people_1"), say("method/people_2"))),
                    Box(heading=say("method/questions"), lines=tuple(questions)),
                )
            ),
            Boxes(
                boxes=(
                    Box(heading=say("method/numbers"), lines=numbers),
                    Box(heading=say("method/privacy"), lines=protection, tinted=True),
                )
            ),
            Boxes(
                boxes=(
                    Box(heading=say("method/languages"), lines=languages),
                    Box(heading=say("method/release"), lines=(*release, f"{say('cite/heading')}: {citation(wording)}")),
                )
            ),
        ),
    )


def brief(wording: Wording) -> tuple[Block, ...]:
    """The method in a few lines, for the report of two pages."""
    say, rules = wording.say, wording.cube.rules
    people = (say("method/people_1"), say("method/numbers_1", level=wording.level))
    protection = (_disguise(wording), say("method/privacy_2", smallest=wording.number(rules.smallest_base)))
    return (
        Boxes(
            boxes=(
                Box(heading=say("method/people"), lines=people),
                Box(heading=say("method/privacy"), lines=protection, tinted=True),
            )
        ),
    )


def _disguise(wording: Wording) -> str:
    rules, whole = wording.cube.rules, wording.percent(1)
    if rules.noise:
        return wording.say("method/noise_1", whole=whole)
    base, below = wording.number(rules.rounding_base), wording.number(rules.rounding_base // 2)
    return wording.say("method/privacy_1", base=base, below=below, whole=whole)


def _language(wording: Wording, code: str) -> str:
    return str(wording.locale.languages.get(code, code))
