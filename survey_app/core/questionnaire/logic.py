"""Conditions ("SC11 == 1 and stage in ['S01']"): parsed once into a tree, evaluated on operands.

The grammar is small and total: no arithmetic, no loops, no calls but `answered`, `any` and `has`.
A comparison with something missing is false, whatever the comparison.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lark import Lark, Token, Transformer, UnexpectedInput

GRAMMAR = r"""
?start: or
?or: and ("or" and)*
?and: not ("and" not)*
?not: "not" not -> negation
    | atom
?atom: comparison
     | "answered" "(" NAME ")" -> answered
     | "any" "(" NAME ("," NAME)* OPERATOR literal ")" -> some
     | "has" "(" NAME "," literal ")" -> has
     | "(" or ")"
comparison: NAME OPERATOR literal
          | NAME "in" "[" literal ("," literal)* "]" -> membership
literal: NUMBER -> number
       | STRING -> string
OPERATOR: "==" | "!=" | ">=" | "<=" | ">" | "<"
NAME: /(?!(or|and|not|in|answered|any|has)\b)[A-Za-z][A-Za-z0-9_]*/
STRING: /'[^'\n]*'/ | /"[^"\n]*"/
NUMBER: /-?[0-9]+(\.[0-9]+)?/
%ignore /[ \t]+/
"""

Literal = int | float | str


@dataclass(frozen=True, slots=True)
class Operand:
    """What a name stands for when a condition is evaluated: the code chosen, its number, all codes chosen."""

    code: str | None = None
    number: float | None = None
    codes: frozenset[str] = frozenset()


Lookup = Callable[[str], Operand | None]
"""Gives the operand of a name, None when there is no answer (whatever the reason)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """NAME operator literal; numbers compare with the number of an answer, words with its code."""

    name: str
    operator: str
    literal: Literal

    def holds(self, lookup: Lookup) -> bool:
        """Tell whether it is so; false when the answer is missing."""
        operand = lookup(self.name)
        if operand is None:
            return False
        given = operand.code if isinstance(self.literal, str) else operand.number
        return given is not None and _compare(given, self.operator, self.literal)


@dataclass(frozen=True, slots=True)
class Membership:
    """NAME in [literal, …]."""

    name: str
    literals: tuple[Literal, ...]

    def holds(self, lookup: Lookup) -> bool:
        """Tell whether the answer is one of the literals."""
        return any(Comparison(self.name, "==", literal).holds(lookup) for literal in self.literals)


@dataclass(frozen=True, slots=True)
class Answered:
    """answered(NAME): there is a value, not a reason for none."""

    name: str

    def holds(self, lookup: Lookup) -> bool:
        """Tell whether there is an answer."""
        return lookup(self.name) is not None


@dataclass(frozen=True, slots=True)
class Has:
    """has(NAME, code): the code is among the chosen ones of a multiple choice."""

    name: str
    literal: Literal

    def holds(self, lookup: Lookup) -> bool:
        """Tell whether the code was chosen."""
        operand = lookup(self.name)
        return operand is not None and str(self.literal) in operand.codes


@dataclass(frozen=True, slots=True)
class AllOf:
    """a and b and …"""

    parts: "tuple[Condition, ...]"

    def holds(self, lookup: Lookup) -> bool:
        """Tell whether every part holds."""
        return all(part.holds(lookup) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """a or b or …"""

    parts: "tuple[Condition, ...]"

    def holds(self, lookup: Lookup) -> bool:
        """Tell whether some part holds."""
        return any(part.holds(lookup) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """not a"""

    part: "Condition"

    def holds(self, lookup: Lookup) -> bool:
        """Tell whether the part does not hold."""
        return not self.part.holds(lookup)


Condition = Comparison | Membership | Answered | Has | AllOf | AnyOf | Not


class LogicError(ValueError):
    """The text is not a condition; the message says what was found and where."""


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Condition:
    """Return the tree of a condition.

    Raises:
        LogicError: the text does not follow the grammar.
    """
    try:
        return _Build().transform(_PARSER.parse(text))
    except UnexpectedInput as error:
        place = f"unexpected end or character at position {getattr(error, 'column', '?')}"
        raise LogicError(place) from error
    except RecursionError as error:
        raise LogicError("it nests too deep") from error


def comparisons(condition: Condition) -> Iterator[tuple[str, Literal | None]]:
    """Yield each (name, literal) that a condition compares, literal None for `answered`."""
    match condition:
        case Comparison(name=name, literal=literal) | Has(name=name, literal=literal):
            yield name, literal
        case Membership(name=name, literals=literals):
            for literal in literals:
                yield name, literal
        case Answered(name=name):
            yield name, None
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from comparisons(part)
        case Not(part=part):
            yield from comparisons(part)


def _compare(given: str | float, operator: str, literal: Literal) -> bool:
    if operator == "==":
        return given == literal
    if operator == "!=":
        return given != literal
    if isinstance(given, str) or isinstance(literal, str):
        return False
    return {">=": given >= literal, "<=": given <= literal, ">": given > literal, "<": given < literal}[operator]


class _Build(Transformer[Token, Condition]):
    """Turns the parser's tree into ours, from the leaves up."""

    def number(self, parts: list[Token]) -> Literal:
        text = str(parts[0])
        return float(text) if "." in text else int(text)

    def string(self, parts: list[Token]) -> Literal:
        return str(parts[0])[1:-1]

    def comparison(self, parts: list[Token]) -> Condition:
        return Comparison(str(parts[0]), str(parts[1]), parts[2])

    def membership(self, parts: list[Token]) -> Condition:
        return Membership(str(parts[0]), tuple(parts[1:]))

    def answered(self, parts: list[Token]) -> Condition:
        return Answered(str(parts[0]))

    def some(self, parts: list[Token]) -> Condition:
        *names, operator, literal = parts
        return AnyOf(tuple(Comparison(str(name), str(operator), literal) for name in names))

    def has(self, parts: list[Token]) -> Condition:
        return Has(str(parts[0]), parts[1])

    def negation(self, parts: list[Condition]) -> Condition:
        return Not(parts[0])

    def __default__(self, data: Token, children: list[Condition], meta: object) -> Condition:
        kind = AllOf if data == "and" else AnyOf
        return kind(tuple(children))


_PARSER = Lark(GRAMMAR, parser="lalr", maybe_placeholders=False)
