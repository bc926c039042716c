import re

import pytest

from survey_app.core.charts import Canvas, Journey, Point, Reach, ScoreDot, Segment, ShareBar, SplitBar, draw

REACH = Reach(good=0.5, bad=0.4, apart=0.3)
BAR = SplitBar(
    title="Five answers",
    good=(Segment(share=0.2, tone="good1", label="20"), Segment(share=0.3, tone="good2", label="30")),
    bad=(Segment(share=0.15, tone="bad1", label="15"), Segment(share=0.25, tone="bad2", label="25")),
    apart=(Segment(share=0.1, tone="middle", label="10"),),
    reach=REACH,
)
POINTS = (
    Point(value=60, lower=55, upper=65, label="60"),
    None,
    Point(value=40, lower=30, upper=50, label="40", joined=False),
)
ALL = (
    BAR,
    ShareBar(title="One share", share=0.4, lower=0.3, upper=0.5),
    ScoreDot(title="One score", point=POINTS[0] or Point(value=0, lower=0, upper=0, label=""), reference=50),
    Journey(title="A journey", points=POINTS),
    Journey(title="A small journey", points=POINTS, small=True),
)


def widths(svg: str) -> list[float]:
    return [float(w) for w in re.findall(r'<rect [^>]*?width="([\d.]+)"', svg)]


def places(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'<rect x="([\d.]+)"', svg)]


def test_the_length_of_each_segment_is_its_share_of_the_common_measure():
    unit = (360 - 16) / (REACH.good + REACH.bad + REACH.apart)
    assert [round(w / unit, 3) for w in widths(draw(BAR))] == [0.2, 0.3, 0.15, 0.25, 0.1]


def test_right_to_left_mirrors_places_and_keeps_lengths():
    plain, mirrored = draw(BAR), draw(BAR, rtl=True)
    assert widths(plain) == widths(mirrored)
    pairs = zip(places(plain), widths(plain), places(mirrored), strict=True)
    assert all(abs(360 - x - w - m) < 0.02 for x, w, m in pairs)


@pytest.mark.parametrize("figure", ALL, ids=lambda figure: figure.title)
def test_every_picture_has_a_title_and_no_words_in_its_shapes(figure):
    svg = draw(figure)
    assert svg.count("<title>") == 1
    assert f"<title>{figure.title}</title>" in svg
    assert all(re.fullmatch(r"[\d.,−<>%]+", text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg))


def test_a_title_cannot_break_out_of_its_picture():
    assert "<script>" not in draw(ShareBar(title="</title><script>", share=0.1, lower=None, upper=None))


def test_words_are_refused():
    with pytest.raises(AssertionError, match="only digits"):
        Canvas(10, 10, rtl=True).number((5, 5), "نحو", 9, "#000")


def test_a_step_off_the_way_is_not_joined_by_a_line():
    joined = Journey(title="joined", points=(POINTS[0], Point(value=40, lower=30, upper=50, label="40")))
    apart = Journey(title="joined", points=(POINTS[0], POINTS[2]))
    assert draw(joined).count('stroke-width="2.2"') == draw(apart).count('stroke-width="2.2"') + 1


def test_a_step_that_is_not_shown_breaks_the_line():
    last = Point(value=40, lower=30, upper=50, label="40")
    whole = draw(Journey(title="whole", points=(POINTS[0], last, last)))
    broken = draw(Journey(title="broken", points=(POINTS[0], None, last)))
    assert (whole.count('stroke-width="2.2"'), broken.count('stroke-width="2.2"')) == (2, 0)


def test_a_share_too_small_for_its_number_is_drawn_without_it():
    small = SplitBar(
        title="small", good=(Segment(share=0.03, tone="good2", label="3"),), bad=BAR.bad, apart=(), reach=REACH
    )
    assert ">3</text>" not in draw(small)
    assert len(widths(draw(small))) == 3
