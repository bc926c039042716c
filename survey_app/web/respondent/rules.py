"""Conditions as a browser decides them: all numbers of answers worked out beforehand, so that it compares codes alone.

A rule is a list: ["and", rule, …], ["or", rule, …], ["not", rule], ["val", name] (there is a value),
["in", name, [code or number, …]] (one of them was chosen), ["is", name, text], ["no", name, text] (there is another
value), and [operator, name, number] for what is a number itself. An answer that is missing makes each of them false.
"""

from survey_app.core.questionnaire.items import (
    Choice,
    Consent,
    Country,
    Day,
    FreeText,
    MultiChoice,
    Number,
    Ranking,
    Rating,
    Role,
    StageItem,
)
from survey_app.core.questionnaire.logic import (
    AllOf,
    Answered,
    AnyOf,
    Comparison,
    Condition,
    Has,
    Lookup,
    Membership,
    Not,
    Operand,
)
from survey_app.core.response.routing import Plan

Rule = list[object]
NEVER: Rule = ["or"]
NUMBERS = (Rating, Number, Consent)
WORDS = (StageItem, Role, Country, Day, FreeText)


def rule_of(plan: Plan, condition: Condition) -> Rule:
    """The rule that holds for the same answers as `condition`."""
    match condition:
        case AllOf(parts=parts):
            return ["and", *(rule_of(plan, part) for part in parts)]
        case AnyOf(parts=parts):
            return ["or", *(rule_of(plan, part) for part in parts)]
        case Not(part=part):
            return ["not", rule_of(plan, part)]
        case Membership(name=name, literals=literals):
            return _merged([_comparison(plan, Comparison(name, "==", literal)) for literal in literals])
        case _:
            return _single(plan, condition)


def _single(plan: Plan, condition: Comparison | Answered | Has) -> Rule:
    match condition:
        case Comparison():
            return _comparison(plan, condition)
        case Answered(name=name):
            return _answered(plan, name)
        case Has(name=name, literal=literal):
            return _has(plan, name, str(literal))


def _comparison(plan: Plan, one: Comparison) -> Rule:
    item = plan.items.get(one.name)
    if isinstance(item, Choice):
        return ["in", one.name, [code for code in _codes(plan, item.id) if one.holds(_chosen(plan, item.id, code))]]
    if one.name == "wave" or isinstance(item, NUMBERS):
        return NEVER if isinstance(one.literal, str) else [one.operator, one.name, one.literal]
    if one.name == "stage" or isinstance(item, WORDS):
        if not isinstance(one.literal, str) or one.operator not in ("==", "!="):
            return NEVER
        return ["is" if one.operator == "==" else "no", one.name, one.literal]
    if item is not None and not isinstance(item, MultiChoice | Ranking) and isinstance(one.literal, str):
        return ["no", one.name, one.literal] if one.operator == "!=" else NEVER
    return NEVER


def _answered(plan: Plan, name: str) -> Rule:
    item = plan.items.get(name)
    if isinstance(item, Choice | MultiChoice | Ranking):
        return ["in", name, [code for code in _codes(plan, name) if code not in plan.kinds_of_missing[name]]]
    return ["val", name] if item is not None or name in ("stage", "wave") else NEVER


def _has(plan: Plan, name: str, code: str) -> Rule:
    item = plan.items.get(name)
    if not isinstance(item, MultiChoice | Ranking):
        return NEVER
    return ["and", _answered(plan, name), ["in", name, [code]]]


def _merged(rules: list[Rule]) -> Rule:
    if all(rule[0] == "in" for rule in rules):
        codes = [code for rule in rules for code in rule[2]]  # type: ignore[attr-defined]
        return ["in", rules[0][1], list(dict.fromkeys(codes))]
    return ["or", *rules]


def _codes(plan: Plan, item: str) -> list[str]:
    return [option.code for option in plan.questionnaire.options_of(plan.items[item])]


def _chosen(plan: Plan, item: str, code: str) -> Lookup:
    """What conditions see when `code` is the answer to `item`."""
    missing = code in plan.kinds_of_missing[item]
    operand = None if missing else Operand(code=code, number=plan.numbers[item].get(code))
    return lambda _name: operand
