"""Answers to questions as bars: hard answers on one side of a line, good ones on the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from survey_app.core.charts import Reach, Segment, ShareBar, SplitBar, Tone
from survey_app.core.privacy import Missing
from survey_app.core.protection.cube import Group, Population, ProtectedTable, PublishedVariable
from survey_app.core.report.model import BarRow, BarTable, Block, Fact, FactRow, Facts, LegendEntry, Paragraph
from survey_app.core.report.reading import Finding, Tier, finding, hard_codes, shown, tier
from survey_app.core.report.wording import Wording, whole_percent

COLUMNS, COLUMN_HEIGHT = 3, 15  # small tables side by side; lines of them that a page holds
SIGNED = (Missing.NOT_APPLICABLE, Missing.DONT_KNOW, Missing.PREFER_NOT, Missing.NOT_ANSWERED, Missing.NOT_REACHED)
SIGNS = "abcde"
LABEL_WIDTH, HEADING_WIDTH = 24, 28  # letters on a line of a small table
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
            Segment(share=figure.value, tone=tone, label=wording.number(whole_percent(figure.value)))
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
        families: dict[tuple[Tone, ...], list[Toned]] = {}
        plain: list[PublishedVariable] = []
        for variable in variables:
            coloured = toned(variable)
            if coloured is None:
                plain.append(variable)
            else:
                families.setdefault(coloured.tones, []).append(coloured)
        made: list[Block] = []
        for family in families.values():
            made.extend(self.family(family))
        return (*made, *self.facts(plain))

    def facts(self, variables: Iterable[PublishedVariable]) -> Iterator[Facts]:
        """Questions with their answers in small tables."""
        by_item: dict[str, list[PublishedVariable]] = {}
        for variable in variables:
            by_item.setdefault(variable.item, []).append(variable)
        head = (self.wording.say("module/option"), self.wording.say("tables/share"))
        yield from in_columns(head, [self.fact(answers) for answers in by_item.values()])

    def _recall(self, variable: PublishedVariable) -> str:
        return self.wording.recall(variable, self.population)

    def family(self, family: Sequence[Toned]) -> Iterable[Block]:
        """One table of questions whose answers have the same shape."""
        say = self.wording.say
        need = family[0].tones is NEED_TONES
        lacking = len(family[0].tones) == 3
        tables = [self.wording.cube.table(self.group.id, one.variable.id) for one in family]
        reach = self._reach([(one, table) for one, table in zip(family, tables, strict=True) if _drawable(table)])
        periods = [self._recall(one.variable) for one in family]
        usual = max(periods, key=periods.count)
        if usual:
            yield Paragraph(text=say("module/recall", headings=usual), style="sub")
        last = "module/need_col" if need else "module/no" if lacking else "module/problem"
        yield BarTable(
            head=(
                say("module/need" if need else "module/question"),
                say("module/answers", percent=self.wording.percent_sign),
                say(last),
            ),
            ends=(say("module/met"), say("module/unmet")) if need else (say("module/good"), say("module/bad")),
            legends=self._legends(family),
            rows=tuple(
                self._row(one, table, reach, "" if period == usual else period)
                for one, table, period in zip(family, tables, periods, strict=True)
            ),
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

    def _row(self, one: Toned, table: ProtectedTable | None, reach: Reach, period: str) -> BarRow:
        """period: the time asked about, where it is not that of the whole table."""
        wording, variable = self.wording, one.variable
        label = wording.question(variable, self.population)
        ends = wording.ends(variable) if variable.kind == "rating" else None
        detail = wording.say("scale_ends", low=ends[0], top="10", high=ends[1]) if ends else period
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
        title = wording.say("alt/bar", question=label, answers=wording.apart(spoken), base=base)
        value, interval, of_base = self._value(variable, base)
        return BarRow(
            label=label,
            detail=detail,
            figure=SplitBar(title=title, reach=reach, **sides),
            numbers=self._numbers(variable, table),
            value=value,
            range=interval,
            base=of_base,
        )

    def _numbers(self, variable: PublishedVariable, table: ProtectedTable) -> str:
        """Every share behind a bar, and how many gave no answer, by reason."""
        shares = " · ".join(self.wording.bare(table.figure("share", code)) for code in variable.categories)
        without = [
            self.wording.isolate(f"{sign}\u00a0{self.wording.number(table.missing[kind])}")
            for sign, kind in zip(SIGNS, SIGNED, strict=True)
            if table.missing.get(kind)
        ]
        return " | ".join([shares, " ".join(without)]) if without else shares

    def _value(self, variable: PublishedVariable, base: str) -> tuple[str, str, str]:
        """The number at the end of a row, its range, and what it is a share of."""
        mark = "unmet" if variable.marks.get("unmet") else "problem"
        found = finding(self.wording.cube, self.group, variable, mark)
        if found is None or (mark == "problem" and not hard_codes(variable)):
            return "", "", base
        if tier(found.n) is Tier.FEW:
            return "", "", self.wording.of(found)
        return self.wording.share(found.figure), self.wording.short_range(found.figure), _base(self.wording, found)

    def _in_words(self, one: Toned, table: ProtectedTable) -> str:
        """What may be said where no bar may be drawn: unanimity, or a handful of answers."""
        if table.unanimous:
            return self.wording.unanimous(one.variable, table)
        mark = "unmet" if one.variable.marks.get("unmet") else "problem"
        found = finding(self.wording.cube, self.group, one.variable, mark)
        if found is None or found.count is None or (mark == "problem" and not hard_codes(one.variable)):
            return self.wording.say("too_few")
        return self.wording.few(found)

    def fact(self, answers: Sequence[PublishedVariable]) -> Fact:
        """One question with plain answers. For ticks each answer is a variable."""
        wording, first = self.wording, answers[0]
        table = wording.cube.table(self.group.id, first.id)
        heading = wording.question(first, self.population)
        if first.kind == "tick":
            any_shown = any(shown(wording.cube.table(self.group.id, one.id)) for one in answers)
            rows = tuple(self._option(one, "yes") for one in answers) if any_shown else ()
            return Fact(heading=heading, note=self._under(first) if any_shown else wording.say("too_few"), rows=rows)
        if table is None or not shown(table):
            return Fact(heading=heading, note=wording.say("too_few"), rows=())
        if table.unanimous:
            return Fact(heading=heading, note=wording.unanimous(first, table), rows=())
        rows = tuple(self._option(first, code) for code in first.categories)
        return Fact(heading=heading, note=self._under(first), rows=rows)

    def _option(self, variable: PublishedVariable, code: str) -> FactRow:
        wording = self.wording
        table = wording.cube.table(self.group.id, variable.id)
        figure = table.figure("share", code) if table is not None and shown(table) else None
        label = wording.answer(variable, code)
        if table is None or figure is None or figure.value is None:
            return FactRow(label=label, value="–")
        if tier(figure.n) is Tier.FEW:
            count = table.figure("count", code)
            known = count is not None and count.value is not None
            return FactRow(label=label, value=wording.about(count.value) if known and count else "–")
        return FactRow(label=label, value=wording.share(figure), share=figure.value)

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


def signs(wording: Wording) -> str:
    """What the letters beside the numbers of people without an answer stand for."""
    return wording.every(
        f"{sign}: {wording.say(f'missing/{kind.value}')}" for sign, kind in zip(SIGNS, SIGNED, strict=True)
    )


def in_columns(head: tuple[str, str], facts: Sequence[Fact]) -> Iterator[Facts]:
    """Small tables in three columns of about the same height, in their order, as many as a page holds."""
    rest = list(facts)
    while rest:
        block: list[Fact] = []
        while rest and (not block or sum(map(_height, [*block, rest[0]])) <= COLUMNS * COLUMN_HEIGHT):
            block.append(rest.pop(0))
        share = sum(map(_height, block)) / COLUMNS
        columns: list[list[Fact]] = [[] for _ in range(COLUMNS)]
        above, column = 0.0, 0
        for fact in block:
            if columns[column] and above + _height(fact) / 2 > share * (column + 1):
                column = min(COLUMNS - 1, column + 1)
            columns[column].append(fact)
            above += _height(fact)
        yield Facts(head=head, columns=tuple(tuple(column) for column in columns))


def _height(fact: Fact) -> float:
    """Lines that a small table takes, roughly: its question, its head, its answers."""
    lines = sum(1 + len(row.label) // LABEL_WIDTH for row in fact.rows)
    return 2 + len(fact.heading) / HEADING_WIDTH + 1.25 * lines


def finding_row(wording: Wording, label: str, found: Finding, *, part: str = "") -> BarRow:
    """The share of a mark on a track from 0 to 1, in the words that its base allows.

    part: where it stands, said first to who does not see it; for a bar that stands in the report twice.
    """
    figure = found.figure
    if tier(found.n) is Tier.FEW:
        return BarRow(label=label, figure=None, sentence=wording.of(found))
    share = wording.share(figure)
    title = wording.say("alt/share", label=label, share=share, range=wording.range(figure))
    title = f"{part}: {title}" if part else title
    bar = ShareBar(title=title, share=figure.value or 0, lower=figure.lower, upper=figure.upper, tone="bad2")
    return BarRow(label=label, figure=bar, value=share, range=wording.short_range(figure), base=_base(wording, found))


def priority_table(
    wording: Wording, found: Sequence[tuple[PublishedVariable, ProtectedTable]], *, part: str = ""
) -> BarTable:
    """Objects of best-worst choices: chosen as most important on one side of a line, as least on the other.

    part: where it stands, said first to who does not see it; for bars that stand in the report twice.
    """
    say = wording.say
    sides = {code: [table.figure("share", code) for _, table in found] for code in ("best", "worst")}
    longest = {code: max((one.value or 0 for one in shares if one), default=0) for code, shares in sides.items()}
    reach = Reach(good=longest["best"] or 0.5, bad=longest["worst"] or 0.5, apart=0)
    return BarTable(
        head=(say("priority/result"), "", say("priority/most")),  # the ends say what the bars are
        ends=(say("priority/most"), say("priority/least")),
        rows=tuple(_priority_row(wording, variable, table, reach, part) for variable, table in found),
    )


def _priority_row(
    wording: Wording, variable: PublishedVariable, table: ProtectedTable, reach: Reach, part: str
) -> BarRow:
    label = wording.question(variable)
    best, worst = table.figure("share", "best"), table.figure("share", "worst")
    base = wording.say("of_base", n=wording.number(table.n or 0))
    if best is None or worst is None or best.value is None or worst.value is None:
        return BarRow(label=label, figure=None, sentence=wording.say("too_few"), base=base)
    title = wording.say("alt/priority", label=label, best=wording.share(best), worst=wording.share(worst), base=base)
    tones: tuple[tuple[Tone, float], ...] = (("good2", best.value), ("bad2", worst.value))
    good, bad = (
        (Segment(share=share, tone=tone, label=wording.number(whole_percent(share))),) for tone, share in tones
    )
    return BarRow(
        label=label,
        figure=SplitBar(title=f"{part}: {title}" if part else title, good=good, bad=bad, apart=(), reach=reach),
        value=wording.share(best),
        range=wording.short_range(best),
        base=base,
    )


def _base(wording: Wording, found: Finding) -> str:
    """What a share is a share of, and a mark where the range is wide."""
    base = wording.say("of_base", n=wording.number(found.n))
    return f"{base} · {wording.say('wide')}" if tier(found.n) is Tier.WIDE else base


def _drawable(table: ProtectedTable | None) -> bool:
    return table is not None and shown(table) and not table.unanimous and tier(table.n) >= Tier.WIDE
