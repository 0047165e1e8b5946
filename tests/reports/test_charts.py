"""Charts say their numbers, all of them and no others, in the picture and in words; the same bytes on any day."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageChops, ImageStat

from tests.document.says import say
from tests.judge import complaints
from tests.render.docxs import body_text, parts
from tests.render.docxs import engine as docx_engine
from tests.render.examples import NOTICE, RARE
from tests.render.pdfs import engine, fonts
from tests.render.tags import elements
from tests.reports.charts_seen import CHARTS, MONTHS, UNITS, figures, letters, seen
from xfdocs.errors import GlyphMissing
from xfdocs.render.fonts import Role
from xfdocs.render.geometry import printed_text
from xfdocs.render.pictures import HIGHEST, WIDEST
from xfdocs.render.text import document_text
from xfdocs.reports.charts import Chart, Kind, Series, alt_text, figure_of, figures_of
from xfdocs.reports.charts.paper import DPI, Fill
from xfdocs.reports.charts.scale import scale_of
from xfdocs.reports.model import DASH
from xfdocs.resources import shipped

ALL = tuple(CHARTS)


# --- in words ------------------------------------------------------------------------------------


def test_the_alternative_text_is_the_numbers_label_by_label():
    assert alt_text(CHARTS["rates"]) == (
        "折线图：按期办结率。2026年第一季度：按期办结率97.50%，及时受理率100.00%；"
        "2026年第二季度：按期办结率—，及时受理率99.00%；2026年第三季度：按期办结率92.00%，及时受理率100.00%。"
    )
    assert alt_text(CHARTS["forms"]) == "条形图：按形式。来信：100件；来访：50件；网上：—。"


def test_each_series_is_said_in_its_own_unit():
    assert "2025年10月：来信12件，来访8批；" in alt_text(CHARTS["ways"])


def test_a_stack_is_added_up_only_where_every_part_is_known():
    said = alt_text(CHARTS["timely"])
    assert "东湖区信访局：按期办结12件，超期办结0件，未办结3件，合计15件；" in said
    assert "市自然资源和规划局：按期办结4件，超期办结—，未办结2件，合计—；" in said


@pytest.mark.parametrize("name", ALL)
def test_a_figure_carries_its_title_as_caption_and_its_numbers_as_alternative_text(name):
    (figure,) = figures(name)
    assert figure.caption == CHARTS[name].title
    assert figure.alt == alt_text(CHARTS[name])
    assert figure.number == ""  # counted where the wording places it


# --- on paper ------------------------------------------------------------------------------------


def written(chart: Chart) -> list[str]:
    """Every number of a chart as it must stand in the picture."""
    found = [chart.figures(one, value) for one in chart.series for value in one.values]
    if chart.kind is Kind.STACKED:
        found += [chart.figures(chart.series[0], chart.total(n)) for n in range(len(chart.labels))]
    return found


@pytest.mark.parametrize("name", ALL)
def test_every_number_and_every_name_is_written_in_the_picture(name, monkeypatch):
    chart = CHARTS[name]
    (sheet,) = seen(chart, monkeypatch)
    left = list(sheet.words)
    single = chart.kind is Kind.LINE and len(chart.series) == 1
    for text in written(chart):
        if not (single and text == DASH):  # a gap in a single line is there to be seen
            left.remove(text)
    for name_ in chart.labels:
        assert name_ in "".join(sheet.words)
    for one in chart.series:
        assert any(words.startswith(one.name) for words in sheet.words) or one.name in chart.title


_words = st.text("云州市东湖区信访局来网上投诉AB12", min_size=1, max_size=14)
_names = _words | st.sampled_from([*UNITS, "长" * 60, "2026年12月", "Ab" * 30])
_counts = st.integers(0, 300) | st.none() | st.sampled_from([0, 1, 99999])
_rates = st.none() | st.fractions(0, 1, max_denominator=400)


@st.composite
def charts(draw) -> Chart:
    kind = draw(st.sampled_from(Kind))
    most = 40 if kind is not Kind.LINE else 70
    labels = tuple(
        draw(
            st.lists(
                _words if kind is Kind.LINE else _names,
                min_size=1,
                max_size=draw(st.sampled_from([3, 8, most])),
            )
        )
    )
    percent = kind is not Kind.STACKED and draw(st.booleans())
    count = {Kind.BARS: 1, Kind.PAIRED: 2}.get(kind) or draw(st.integers(2 if kind is Kind.STACKED else 1, 4))
    column = st.lists(_rates if percent else _counts, min_size=len(labels), max_size=len(labels)).map(tuple)
    series = tuple(Series(f"{draw(_words)}{n}", draw(column)) for n in range(count))
    return Chart(kind, "图题", labels, series, "%" if percent else "件", 2 if percent else 0)


_DENSE = Chart(Kind.LINE, "五年", tuple(f"{y}年{m}月" for y in range(2022, 2027) for m in range(1, 13)), (Series("来信", tuple(range(60))), Series("来访", (3,) * 60)), "件")  # fmt: skip


_WIDE_NUMBERS = Chart(Kind.PAIRED, "宽", tuple(f"{m}月" for m in range(1, 13)), (Series("本期", (99999,) * 12), Series("同期", (99998,) * 12)), "件")  # fmt: skip
_WIDE_LABELS = Chart(Kind.LINE, "长", tuple(f"第{n}次联席会议召开期间" for n in range(40)), (Series("来信", (1,) * 40), Series("来访", (2,) * 40)), "件")  # fmt: skip
_WIDE_KEYS = Chart(Kind.LINE, "列", ("1月", "2月"), tuple(Series(f"{n}云州市东湖区信访局来信来访网上投诉", (n, 7)) for n in range(5)), "件")  # fmt: skip
_WIDE_KEYS_ABOVE = replace(_WIDE_KEYS, labels=_WIDE_LABELS.labels, series=tuple(replace(s, values=(3,) * 40) for s in _WIDE_KEYS.series))  # fmt: skip


@given(charts())
@example(_WIDE_NUMBERS)
@example(_WIDE_LABELS)
@example(_WIDE_KEYS)
@example(_WIDE_KEYS_ABOVE)
@example(_DENSE)
@example(replace(CHARTS["timely"], labels=UNITS * 5, series=tuple(replace(s, values=s.values * 5) for s in CHARTS["timely"].series)))  # fmt: skip
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_in_any_chart_nothing_overlaps_and_nothing_leaves_the_paper(monkeypatch, chart):
    sheets = seen(chart, monkeypatch)
    for sheet in sheets:
        assert sheet.width == WIDEST
        assert sheet.height <= HIGHEST
        for said in sheet.said:
            assert said.left >= -0.01, said
            assert said.right <= sheet.width + 0.01, said
            assert said.top >= -0.01, said
            assert said.bottom <= sheet.height + 0.01, said
        for n, said in enumerate(sheet.said):
            assert not [other for other in sheet.said[n + 1 :] if said.meets(other)], said
        for x, y, wide, high, _ in sheet.boxes:
            assert 0 <= x <= x + wide <= sheet.width + 0.01
            assert 0 <= y <= y + high <= sheet.height
    if chart.kind is not Kind.LINE:
        left = [words for sheet in sheets for words in sheet.words]
        for text in written(chart):
            left.remove(text)
        names = "".join(left)
        assert all(set(label) <= set(names) for label in chart.labels)


@given(charts().filter(lambda chart: chart.kind is not Kind.LINE))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_bars_are_as_long_as_their_numbers_and_there_is_none_without_a_number(monkeypatch, chart):
    known = [value for one in chart.series for value in one.values if value]
    bars, upright = [], False
    for sheet in seen(chart, monkeypatch):
        floor = [line for line in sheet.lines if line[0][1] == line[1][1] and line == sheet.lines[-1]]
        upright = bool(floor)
        keys = len(chart.series) if chart.kind is not Kind.BARS else 0
        drawn = [box for box in sheet.boxes if box[2] > 0 and box[3] > 0]
        bars += [high if upright else wide for _, _, wide, high, _ in drawn[keys:]]
    assert len(bars) == len(known)
    scale = sum(bars) / float(sum(known)) if known else 0
    assert sorted(bars) == pytest.approx(sorted(float(value) * scale for value in known), rel=1e-6)


def test_a_gap_is_a_gap_and_not_a_zero(monkeypatch):
    (sheet,) = seen(CHARTS["trend"], monkeypatch)
    assert len(sheet.marks) == sum(value is not None for value in CHARTS["trend"].series[0].values)
    polylines = [line for line in sheet.lines if len(line) > 2]
    assert [len(line) for line in polylines] == [6, 5]
    floor = max(y for line in sheet.lines for _, y in line)
    assert max(y for _, y in sheet.marks) < floor - 5


def test_a_single_number_between_gaps_has_its_mark(monkeypatch):
    alone = Chart(Kind.LINE, "甲", ("1月", "2月", "3月"), (Series("甲", (None, 7, None)),), "件")
    (sheet,) = seen(alone, monkeypatch)
    assert len(sheet.marks) == 1
    assert "7" in sheet.words


def test_a_line_with_nothing_to_show_says_so(monkeypatch):
    nothing = Chart(Kind.LINE, "甲", ("1月", "2月"), (Series("甲", (None, None)),), "件")
    (sheet,) = seen(nothing, monkeypatch)
    assert "没有可以显示的数据" in sheet.words
    assert not sheet.marks


@pytest.mark.parametrize("kind", Kind)
def test_zeros_are_drawn_as_zeros(kind, monkeypatch):
    count = 2 if kind in (Kind.STACKED, Kind.PAIRED) else 1
    nothing = Chart(kind, "甲", ("1月",), tuple(Series(f"列{n}", (0,)) for n in range(count)), "件")
    (sheet,) = seen(nothing, monkeypatch)
    assert sheet.words.count("0") >= count
    assert figure_of(nothing, fonts()).svg


def test_series_differ_without_colours():
    for figure in (one for name in ALL for one in figures(name)):
        inks = set(re.findall(r"#([0-9a-f]{6})", figure.svg.decode()))
        assert all(ink[:2] == ink[2:4] == ink[4:] for ink in inks), "greys alone"
    patterns = [box[4] for box in _boxes(CHARTS["timely"])][:3]
    assert patterns == [Fill.DARK, Fill.HATCHED, Fill.LIGHT]


def _boxes(chart: Chart):
    with pytest.MonkeyPatch.context() as patch:
        return seen(chart, patch)[0].boxes


def test_long_names_lie_beside_bars_and_short_ones_below(monkeypatch):
    (short,) = seen(CHARTS["forms"], monkeypatch)
    (long,) = seen(CHARTS["units"], monkeypatch)
    assert len({said.top for said in short.said if said.words in CHARTS["forms"].labels}) == 1
    assert len({said.right for said in long.said if said.words in UNITS}) == 1


def test_many_units_make_a_taller_chart_and_then_another_to_the_same_scale(monkeypatch):
    def of(count: int) -> Chart:
        labels = tuple(f"第{n}街道办事处" for n in range(1, count + 1))
        return Chart(Kind.BARS, "各街道", labels, (Series("", tuple(range(1, count + 1))),), "件")

    ten, twenty = figure_of(of(13), fonts()), figure_of(of(20), fonts())
    assert twenty.height == pytest.approx(ten.height + 7 * 6.6, abs=0.2)
    parts = figures_of(of(60), fonts())
    assert [part.caption for part in parts] == [
        f"各街道（{n}/{len(parts)}）" for n in range(1, len(parts) + 1)
    ]
    heights = [part.height for part in parts]
    assert max(heights) - min(heights) < 15
    assert "第60街道办事处：60件。" in parts[-1].alt
    assert "第60街道办事处" not in parts[0].alt
    sheets = seen(of(60), monkeypatch)
    assert max(box[2] for box in sheets[0].boxes) < max(box[2] for box in sheets[-1].boxes) / 1.5
    with pytest.raises(ValueError, match="figures"):
        figure_of(of(60), fonts())


def test_a_period_is_broken_after_its_year(monkeypatch):
    (sheet,) = seen(CHARTS["ways"], monkeypatch)
    assert sheet.words.count("2026年") == 9
    assert "10月" in sheet.words


# --- scales --------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=5))
def test_a_scale_begins_at_zero_ends_above_every_number_and_has_whole_ticks(values):
    chart = Chart(Kind.LINE, "甲", tuple(map(str, values)), (Series("甲", tuple(values)),), "件")
    scale = scale_of(chart)
    ticks = [int(text) for _, text in scale.ticks()]
    assert ticks[0] == 0
    assert ticks[-1] >= max(values)
    assert len(ticks) <= 6
    assert len(set(ticks)) == len(ticks)
    assert [share for share, _ in scale.ticks()] == pytest.approx([tick / ticks[-1] for tick in ticks])
    assert max(values) == 0 or scale.share(max(values)) > 0.5


@given(st.lists(st.fractions(0, 1), min_size=1, max_size=5))
def test_a_rate_is_never_on_a_scale_beyond_a_hundred(values):
    chart = Chart(Kind.LINE, "甲", tuple(map(str, values)), (Series("甲", tuple(values)),), "%")
    shares = [text for _, text in scale_of(chart).ticks()]
    assert shares[0] == "0%"
    assert int(shares[-1].removesuffix("%")) <= 100
    assert Fraction(int(shares[-1].removesuffix("%")), 100) >= max(values)


# --- fonts ---------------------------------------------------------------------------------------


def test_a_rare_character_is_drawn_from_the_faces_of_rare_characters():
    chart = replace(CHARTS["units"], labels=(*UNITS[:5], f"{RARE}镇"))
    assert figure_of(chart, fonts()).svg
    for char in RARE:
        assert char not in {c for c in RARE if fonts().chain(Role.SONG)[0].covers(c)}
        assert len(letters().outline(char, 3.0, 0, 0)) > 10


@pytest.mark.parametrize("where", ["title", "label", "series", "unit"])
def test_a_character_that_no_face_has_is_refused_by_name_and_never_a_box(where):
    chart = CHARTS["forms"]
    odd = {
        "title": replace(chart, title="图\ue000"),
        "label": replace(chart, labels=("来信", "来\ue000", "网上")),
        "series": replace(chart, series=(replace(chart.series[0], name="\ue000"),)),
        "unit": replace(chart, unit="\ue000"),
    }[where]
    with pytest.raises(GlyphMissing, match=r"U\+E000"):
        figures_of(odd, fonts())


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_svg_is_paths_alone(name):
    """No text, no image, no link: it needs no font and reaches for nothing."""
    (figure,) = figures(name)
    root = etree.fromstring(figure.svg)
    tags = {etree.QName(node).localname for node in root.iter(etree.Element)}
    assert tags <= {"svg", "g", "path", "defs", "style"}
    assert not list(root.iter(etree.Comment))
    assert b"href" not in figure.svg.replace(b"xmlns:xlink", b"")
    assert b"url(" not in figure.svg
    assert b"matplotlib" not in figure.svg.lower()
    assert float(root.get("width").removesuffix("pt")) * 25.4 / 72 == pytest.approx(figure.width, abs=0.05)
    assert float(root.get("height").removesuffix("pt")) * 25.4 / 72 == pytest.approx(figure.height, abs=0.05)


@pytest.mark.parametrize("name", ALL)
def test_the_png_has_three_hundred_dots_to_the_inch_in_greys(name):
    (figure,) = figures(name)
    with Image.open(io.BytesIO(figure.png)) as picture:
        assert picture.mode == "L"
        assert picture.width == int(figure.width / 25.4 * DPI)
        assert picture.height == pytest.approx(figure.height / 25.4 * DPI, abs=1)
        assert picture.info["dpi"] == pytest.approx((DPI, DPI), abs=0.1)
        assert set(picture.info) == {"dpi"}
        assert picture.getextrema() == (0, 255)


@pytest.mark.parametrize("name", ["ways", "timely", "years"])
def test_both_files_show_the_same_picture(name):
    (figure,) = figures(name)
    content = engine().render(replace(NOTICE, body=(figure,)))
    with pikepdf.open(io.BytesIO(content)) as file:
        left, low, right, high = (
            float(side) for item in elements(file) if item.S == "/Figure" for side in item.A.BBox
        )
        paper = float(file.pages[0].MediaBox[3])
    scale = DPI / 72
    page = pypdfium2.PdfDocument(content)[0].render(scale=scale, grayscale=True).to_pil().convert("L")
    box = [round(side * scale) for side in (left, paper - high, right, paper - low)]
    small = (round(figure.width), round(figure.height))  # a dot to the millimetre
    printed = page.crop(tuple(box)).resize(small, Image.Resampling.BOX)
    with Image.open(io.BytesIO(figure.png)) as picture:
        wanted = picture.resize(small, Image.Resampling.BOX)
    blank = _difference(Image.new("L", small, 255), wanted)
    assert _difference(printed, wanted) < blank / 6


def _difference(one: Image.Image, other: Image.Image) -> float:
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


def test_a_document_with_charts_is_valid_pdf_a(tmp_path):
    body = tuple(one for name in ALL for one in figures(name))
    file = tmp_path / "charts.pdf"
    file.write_bytes(engine().render(replace(NOTICE, body=body)))
    assert complaints([file]) == {}


def test_charts_that_a_wording_places_come_out_in_docx_and_pdf():
    placed = {name: figures(name) for name in ("ways", "timely")}
    body = say("# 走势\n见下图。\n{{ 图.ways }}\n# 办理\n{{ 图.timely }}\n\n完。\n", 图=placed).body
    document = replace(NOTICE, body=body)
    assert "图1来信来访走势二、办理图2各单位办理情况完。" in document_text(document)
    assert printed_text(engine().render(document)) == document_text(document)
    docx = docx_engine().render(document)
    assert body_text(docx) == document_text(document)
    members = parts(docx)
    assert {data for name, data in members.items() if name.endswith(".png")} == {
        one.png for name in placed for one in placed[name]
    }


_PROGRAM = """
import sys, time, random
sys.path.insert(0, sys.argv[1])
time.time = lambda: 4e9
random.seed(7)
from tests.reports.charts_seen import figures
for name in ("ways", "timely", "years"):
    for one in figures(name):
        sys.stdout.buffer.write(one.svg + one.png)
"""
_HOSTILE = """
backend: svg
path.sketch: 1, 100, 2
path.simplify: True
path.snap: True
lines.scale_dashes: False
lines.linewidth: 9
patch.linewidth: 9
patch.force_edgecolor: True
agg.path.chunksize: 10
svg.fonttype: none
svg.hashsalt: other
savefig.dpi: 10
figure.dpi: 33
figure.facecolor: red
savefig.facecolor: red
font.size: 30
"""


def test_another_process_on_another_day_with_other_settings_gives_the_same_bytes(tmp_path):
    (tmp_path / "matplotlibrc").write_text(_HOSTILE)
    environment = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"}
    environment |= {
        key: os.environ[key] for key in ("HOME", "XDG_DATA_HOME", "XFDOCS_FONTS") if key in os.environ
    }
    environment["MATPLOTLIBRC"] = str(tmp_path / "matplotlibrc")
    root = str(shipped("templates").parent)
    made = subprocess.run(
        [sys.executable, "-W", "error", "-c", _PROGRAM, root],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    here = b"".join(one.svg + one.png for name in ("ways", "timely", "years") for one in figures(name))
    assert made.stdout == here


def test_pyplot_takes_no_part_and_matplotlib_is_loaded_only_to_draw():
    program = (
        "import sys, xfdocs.reports.charts as c\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from xfdocs.render.fonts import FontBook\n"
        "c.figure_of(c.Chart(c.Kind.BARS, '甲', ('乙',), (c.Series('', (1,)),), '件'), FontBook.find())\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    root = str(shipped("templates").parent)
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, cwd=root)


# --- what is no chart ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"labels": ()}, "labels"),
        ({"labels": ("来信",)}, "labels"),
        ({"series": ()}, "series"),
        ({"series": (Series("", (1, 2, -1)),)}, "below zero"),
        ({"kind": Kind.PAIRED}, "series"),
        ({"kind": Kind.STACKED}, "series"),
    ],
)
def test_what_cannot_be_drawn_is_an_error_at_once(changes, what):
    with pytest.raises(ValueError, match=what):
        replace(CHARTS["forms"], **changes)


def test_the_months_of_the_examples_are_a_year():
    assert len(MONTHS) == 12
