"""Answers to questions as bars: hard answers on one side of a line, good ones on the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey_app.core.charts import Reach, Segment, ShareBar, SplitBar, Tone
from survey_app.core.protection.cube import Figure, Group, Population, ProtectedTable, PublishedVariable
from survey_app.core.report.model import BarRow, BarTable, Block, Heading, LegendEntry, Pairs, Paragraph
from survey_app.core.report.reading import Finding, Tier, finding, hard_codes, shown, tier
from survey_app.core.report.wording import Wording

TONES: dict[int, tuple[Tone, ...]] = {
    2: ("good2", "bad2"),
    3: ("good2", "middle", "bad2"),
    4: ("good2", "good1", "bad1", "bad2"),
    5: ("good2", "good1", "middle", "bad1", "bad2"),
}
NEED_TONES: tuple[Tone, ...] = ("good2", "bad1", "bad2", "middle")
SIDES: dict[str, tuple[Tone, ...]] = {"good": ("good1", "good2"), "bad": ("bad1", "bad2"), "apart": ("middle",)}
LEGEND_ORDER: tuple[Tone, ...] = ("good2", "good1", "bad1", "bad2", "middle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Toned:
    """A variable whose answers have an order from good to hard, each with its colour."""

    variable: PublishedVariable
    codes: tuple[str, ...]
    tones: tuple[Tone, ...]

    def side(self, table: ProtectedTable, tones: Sequence[Tone], wording: Wording) -> tuple[Segment, ...]:
        """The segments of some colours, from the line outward."""
        by_tone = dict(zip(self.tones, self.codes, strict=True))
        found = ((tone, table.figure("share", by_tone[tone])) for tone in tones if tone in by_tone)
        return tuple(
            Segment(share=figure.value, tone=tone, label=wording.number(figure.value * 100))
            for tone, figure in found
            if figure is not None and figure.value is not None
        )


def toned(variable: PublishedVariable) -> Toned | None:
    """Give colours to the answers of a variable; None where they have no order from good to hard."""
    unmet, needed = variable.marks.get("unmet", ()), variable.marks.get("needed", ())
    if unmet and needed:
        met = tuple(code for code in needed if code not in unmet)
        rest = tuple(code for code in variable.categories if code not in needed)
        codes = (*met, *unmet, *rest)
        return Toned(variable=variable, codes=codes, tones=NEED_TONES) if len(codes) == len(NEED_TONES) else None
    pairs = list(zip(variable.numbers, variable.categories, strict=True))
    numbers = [number for number, _ in pairs if number is not None]
    if variable.kind not in {"choice", "rating"} or variable.direction == "none" or len(numbers) < len(pairs):
        return None
    if len(pairs) not in TONES or len(set(numbers)) < len(pairs):
        return None
    ordered = sorted(pairs, reverse=variable.direction == "higher_better", key=lambda pair: pair[0] or 0)
    return Toned(variable=variable, codes=tuple(code for _, code in ordered), tones=TONES[len(ordered)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Makes the bars of one group of people."""

    wording: Wording
    population: Population
    group: Group

    def blocks(self, variables: Iterable[PublishedVariable]) -> tuple[Block, ...]:
        """All variables of a module: split bars first, families together, then questions with plain answers."""
        families: dict[tuple[object, ...], list[Toned]] = {}
        plain: dict[str, list[PublishedVariable]] = {}
        for variable in variables:
            coloured = toned(variable)
            if coloured is None:
                plain.setdefault(variable.item, []).append(variable)
            else:
                key = (coloured.tones, variable.kind == "rating", self._recall(variable))
                families.setdefault(key, []).append(coloured)
        made: list[Block] = []
        for family in families.values():
            made.extend(self.family(family))
        if plain:
            made.append(Pairs(parts=tuple(tuple(self.options(answers)) for answers in plain.values())))
        return tuple(made)

    def _recall(self, variable: PublishedVariable) -> str:
        return self.wording.recall(variable, self.population)

    def family(self, family: Sequence[Toned]) -> Iterable[Block]:
        """One table of questions whose answers have the same shape."""
        say = self.wording.say
        need = family[0].tones is NEED_TONES
        lacking = len(family[0].tones) == 3
        tables = [self.wording.cube.table(self.group.id, one.variable.id) for one in family]
        reach = self._reach([(one, table) for one, table in zip(family, tables, strict=True) if _drawable(table)])
        recall = self._recall(family[0].variable)
        if recall:
            yield Paragraph(text=say("module/recall", headings=recall), style="sub")
        last = "module/need_col" if need else "module/no" if lacking else "module/problem"
        yield BarTable(
            head=(
                say("module/need" if need else "module/question"),
                say("module/answers", percent=self.wording.percent_sign),
                say(last),
            ),
            ends=(say("module/met"), say("module/unmet")) if need else (say("module/good"), say("module/bad")),
            legends=self._legends(family),
            rows=tuple(self._row(one, table, reach) for one, table in zip(family, tables, strict=True)),
        )

    def _legends(self, family: Sequence[Toned]) -> tuple[tuple[LegendEntry, ...], ...]:
        lines = (
            tuple(
                LegendEntry(tone=tone, label=self.wording.answer(one.variable, one.codes[one.tones.index(tone)]))
                for tone in LEGEND_ORDER
                if tone in one.tones
            )
            for one in family
        )
        return tuple(dict.fromkeys(lines))

    def _reach(self, pairs: Sequence[tuple[Toned, ProtectedTable | None]]) -> Reach:
        longest = {"good": 0.0, "bad": 0.0, "apart": 0.0}
        for one, table in pairs:
            assert table is not None
            for side, tones in SIDES.items():
                total = sum(segment.share for segment in one.side(table, tones, self.wording))
                longest[side] = max(longest[side], total)
        if not any(longest.values()):
            return Reach(good=0.5, bad=0.5, apart=0)
        return Reach(**longest)

    def _row(self, one: Toned, table: ProtectedTable | None, reach: Reach) -> BarRow:
        wording, variable = self.wording, one.variable
        label = wording.question(variable, self.population)
        ends = wording.ends(variable) if variable.kind == "rating" else None
        detail = wording.say("scale_ends", low=ends[0], top="10", high=ends[1]) if ends else ""
        if table is None or not shown(table):
            return BarRow(label=label, detail=detail, figure=None, sentence=wording.say("too_few"))
        base = wording.about(table.n)
        if not _drawable(table):
            return BarRow(label=label, detail=detail, figure=None, sentence=self._in_words(one, table), base=base)
        sides = {side: one.side(table, tones, wording) for side, tones in SIDES.items()}
        spoken = [
            wording.say("alt/answer", answer=wording.quote(wording.answer(variable, code)), share=wording.share(figure))
            for code in one.codes
            if (figure := table.figure("share", code)) is not None
        ]
        title = wording.say("alt/bar", question=label, answers="; ".join(spoken), base=base)
        value, of_base = self._value(variable, base)
        return BarRow(
            label=label,
            detail=detail,
            figure=SplitBar(title=title, reach=reach, **sides),
            value=value,
            base=of_base,
        )

    def _value(self, variable: PublishedVariable, base: str) -> tuple[str, str]:
        """The number at the end of a row and what it is a share of."""
        mark = "unmet" if variable.marks.get("unmet") else "problem"
        found = finding(self.wording.cube, self.group, variable, mark)
        if found is None or (mark == "problem" and not hard_codes(variable)):
            return "", base
        of_base = self.wording.say("of_base", n=self.wording.number(found.n))
        if tier(found.n) is Tier.FEW:
            return "", self.wording.of(found)
        if tier(found.n) is Tier.WIDE:
            of_base = f"{of_base}, {self.wording.say('wide')}"
        return self.wording.share(found.figure), of_base

    def _in_words(self, one: Toned, table: ProtectedTable) -> str:
        """What may be said where no bar may be drawn: unanimity, or a handful of answers."""
        if table.unanimous:
            return self.wording.unanimous(one.variable, table)
        mark = "unmet" if one.variable.marks.get("unmet") else "problem"
        found = finding(self.wording.cube, self.group, one.variable, mark)
        if found is None or found.count is None or (mark == "problem" and not hard_codes(one.variable)):
            return self.wording.say("too_few")
        return self.wording.few(found)

    def options(self, answers: Sequence[PublishedVariable]) -> Iterable[Block]:
        """One question with plain answers: a bar for each answer. For ticks each answer is a variable."""
        wording, first = self.wording, answers[0]
        heading = Heading(text=wording.question(first, self.population))
        if first.kind == "tick":
            rows = [self._option(one, "yes") for one in answers]
        else:
            table = wording.cube.table(self.group.id, first.id)
            if table is None or not shown(table):
                yield heading
                yield Paragraph(text=wording.say("too_few"), style="sub")
                return
            if table.unanimous:
                yield heading
                yield Paragraph(text=wording.unanimous(first, table), style="sub")
                return
            rows = [self._option(first, code) for code in first.categories]
        yield heading
        yield Paragraph(text=self._under(first), style="sub")
        yield BarTable(
            head=(
                wording.say("module/option"),
                "",
                wording.say("tables/share"),
            ),
            rows=tuple(rows),
        )

    def _option(self, variable: PublishedVariable, code: str) -> BarRow:
        table = self.wording.cube.table(self.group.id, variable.id)
        figure = table.figure("share", code) if table is not None and shown(table) else None
        label = self.wording.answer(variable, code)
        if table is None or figure is None:
            return BarRow(label=label, figure=None, sentence=self.wording.say("too_few"))
        count = table.figure("count", code)
        return share_row(self.wording, label, figure, _whole_number(count), plain=True)

    def _under(self, variable: PublishedVariable) -> str:
        """How many answered, whether the range is wide, whether several answers were possible."""
        table = self.wording.cube.table(self.group.id, variable.id)
        n = table.n if table is not None else None
        parts = [self.wording.say("answered", n=self.wording.about(n))] if n else []
        if tier(n) is Tier.WIDE:
            parts.append(self.wording.say("wide"))
        if variable.kind == "tick":
            parts.append(self.wording.say("module/several"))
        return " · ".join(parts)


def share_row(wording: Wording, label: str, figure: Figure, count: int | None, *, plain: bool) -> BarRow:
    """One share on a track from 0 to 1, in the words that its base allows.

    plain: an answer like others, whose base stands above all of them; else a hard answer with a base of its own.
    """
    n = figure.n or 0
    if tier(n) is Tier.FEW:
        known = count is not None
        sentence = wording.say("of", count=wording.number(count or 0), n=wording.number(n)) if known else ""
        return BarRow(label=label, figure=None, sentence=sentence or wording.say("too_few"))
    base = wording.say("of_base", n=wording.number(n))
    if tier(n) is Tier.WIDE:
        base = f"{base}, {wording.say('wide')}"
    share = wording.share(figure)
    title = wording.say("alt/share", label=label, share=share, range=wording.range(figure))
    tone: Tone = "good2" if plain else "bad2"
    bar = ShareBar(title=title, share=figure.value or 0, lower=figure.lower, upper=figure.upper, tone=tone)
    return BarRow(label=label, figure=bar, value=share, base="" if plain else base)


def _whole_number(figure: Figure | None) -> int | None:
    return int(figure.value) if figure is not None and figure.value is not None else None


def _drawable(table: ProtectedTable | None) -> bool:
    return table is not None and shown(table) and not table.unanimous and tier(table.n) >= Tier.WIDE


def finding_row(wording: Wording, label: str, found: Finding) -> BarRow:
    """The share of a mark as a bar."""
    return share_row(wording, label, found.figure, found.count, plain=False)
