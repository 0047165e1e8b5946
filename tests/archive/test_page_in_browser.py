"""The page of a package as a browser shows it from a disk: no network, no complaint, no script, every link alive."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdfium2
import pytest

from tests.archive.packages import AT, PDF, a_package, a_part
from tests.browser import Tab, chromium
from tests.samples.corpus import cases, office
from xfdocs.archive.bag import write_bag
from xfdocs.archive.model import Format, Material, Package, Part, Role, Volume
from xfdocs.archive.page import index_html
from xfdocs.record.model import Case

HTML = Format(name="HTML", media="text/html")
TEXT = Format(name="纯文本", media="text/plain")
CASES = {case.id: case for case in cases()}
LONG = "YZ-20260706-0012"
PROTECTED = "YZ-20260713-0006"
NAMES = ("02-信封#1 50％.txt", "03-it's.txt", "04-a;b&c=d.txt", "05-𠮷 田.txt", f"06-{'x' * 120}.txt")


def a_pdf() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


@cache
def the_package() -> Package:
    """Made once: a PDF bears the time when it was made."""
    opinion = a_part("representations/original/data/文书/01-处理意见书.pdf", a_pdf(), Role.DOCUMENT, PDF)
    texts = [
        a_part(f"representations/original/data/附件/{name}", f"第{n}封信".encode(), Role.ATTACHMENT, TEXT)
        for n, name in enumerate(NAMES)
    ]
    first = a_package().volumes[0]
    materials = tuple(
        Material(
            seq=n, title=part.path.name, group="other", pages=1, first_page=n, date=first.first, parts=(part,)
        )
        for n, part in enumerate((opinion, *texts), start=1)
    )
    volume = Volume(
        seq=1, number=first.number, title=first.title, first=first.first, last=first.last, materials=materials
    )
    return a_package(volumes=(volume,))


def bag_of(case: Case, folder: Path) -> Path:
    """A package on the disk; the address of its page is that of ``data/index.html``."""
    package = the_package()
    page = a_part("index.html", index_html(package, case, office()), Role.PAGE, HTML)
    return write_bag(folder / "信访 #1", [*package.parts(), page], [], made=AT).path / "data" / "index.html"


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bag_of(CASES[LONG], tmp_path_factory.mktemp("bag"))


@pytest.fixture
def opened(tab: Tab, page: Path) -> Tab:
    tab.requests.clear()
    tab.complaints.clear()
    tab.width(1200)
    tab.go(page.as_uri())
    return tab


def test_it_opens_from_a_disk_without_a_complaint_and_asks_for_nothing_else(opened, page):
    assert opened.value("document.title").startswith("J021-ZY·XF·01·2026·D30-0001")
    assert opened.value("document.compatMode") == "CSS1Compat"
    assert opened.requests == [page.as_uri()]
    assert opened.complaints == []


def test_the_browser_takes_both_style_sheets(opened):
    assert opened.value("document.styleSheets.length") == 2
    assert opened.value("getComputedStyle(document.querySelector('h2')).borderBottomStyle") == "solid"


def test_a_style_or_script_that_somebody_adds_is_refused_by_the_policy_of_the_page(tab, page):
    forged = page.with_name("forged.html")
    extra = b"<style>h1 { display: none }</style><script>document.title = 'x'</script><img src='http://192.0.2.1/x.png'>"
    forged.write_bytes(page.read_bytes().replace(b"</body>", extra + b"</body>"))
    tab.requests.clear()
    tab.complaints.clear()
    tab.go(forged.as_uri())
    forged.unlink()
    assert tab.value("document.title").startswith("J021")
    assert tab.value("getComputedStyle(document.querySelector('h1')).display") == "block"
    assert sum("Content Security Policy" in text for text in tab.complaints) == 3
    assert tab.value("document.querySelector('img').naturalWidth") == 0


def test_every_event_and_every_file_is_to_be_seen(opened):
    seen = opened.value("document.body.innerText")
    for event in CASES[LONG].events:
        assert f"{event.seq}. {event.date}" in seen
    for name in ("01-处理意见书.pdf", *NAMES):
        assert name in seen
    hidden = opened.value(
        "[...document.querySelectorAll('.events > li, .files > li > a, dd')].filter(e => !e.checkVisibility()).length"
    )
    assert hidden == 0


def test_every_link_to_a_file_leads_to_its_very_bytes(opened):
    addresses = opened.value("[...document.querySelectorAll('.files a')].map(a => a.href)")
    parts = {part.sha256: part for part in the_package().parts()}
    found = [Path(unquote(urlsplit(address).path)).read_bytes() for address in addresses]
    assert all(urlsplit(address).scheme == "file" and not urlsplit(address).fragment for address in addresses)
    assert sorted(found) == sorted(_bytes(part) for part in parts.values())


def _bytes(part: Part) -> bytes:
    assert isinstance(part.source, bytes)
    return part.source


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_a_click_opens_the_letter(opened, number):
    opened.value(f"document.querySelectorAll('#m1-{number + 2} a')[0].click()")
    opened.wait_for("Page.loadEventFired")
    assert opened.value("document.body.innerText") == f"第{number}封信"
    assert opened.value("decodeURIComponent(location.pathname)").endswith(NAMES[number])


def test_a_link_inside_the_page_leads_to_its_section(opened):
    opened.value("document.querySelector('nav a[href=\"#files\"]').click()")
    assert opened.value("location.hash") == "#files"
    assert opened.value("Math.abs(document.querySelector('#files').getBoundingClientRect().top) < 2")


def test_the_full_digest_appears_on_demand(opened):
    digest = the_package().volumes[0].materials[0].parts[0].sha256
    assert digest not in opened.value("document.body.innerText")
    opened.value("document.querySelector('#m1-1 summary').click()")
    assert digest in opened.value("document.body.innerText")


@pytest.mark.parametrize("case", [LONG, PROTECTED])
@pytest.mark.parametrize("width", [320, 360, 768, 1200])
def test_nothing_runs_over_the_edge_of_any_screen(tab, tmp_path, case, width):
    tab.width(width)
    tab.go(bag_of(CASES[case], tmp_path).as_uri())
    assert tab.value("document.documentElement.scrollWidth") <= width
    out = tab.value(
        "[...document.querySelectorAll('main *, header *, footer *')]"
        ".filter(e => e.getClientRects().length && !e.closest('thead'))"
        f".filter(e => e.getBoundingClientRect().right > {width} + 0.5 || e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display == 'block')"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    assert out == []


def test_all_text_stands_out_from_its_ground_as_it_is_drawn(opened):
    """WCAG 2.2 1.4.3: 4.5 to 1; the grounds are plain, so the nearest one that is not clear is what a text stands on."""
    weak = opened.value("""(() => {
        const parts = s => (s.match(/[\\d.]+/g) || []).map(Number);
        const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = e => { for (; e; e = e.parentElement) {
            const c = parts(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] == 1) return c; }
            return [255, 255, 255]; };
        return [...document.body.querySelectorAll('*')].filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
            .map(e => { const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
                        return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 80)]; })
            .filter(([ratio]) => ratio < 4.5);
    })()""")
    assert weak == []


def test_on_paper_it_is_a4_with_its_number_on_every_sheet_and_full_digests(opened):
    with pypdfium2.PdfDocument(opened.pdf()) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
        sizes = {tuple(round(side / 72 * 25.4) for side in sheet.get_size()) for sheet in document}
    assert sizes == {(210, 297)}
    assert len(texts) > 1
    for number, text in enumerate(texts, start=1):
        assert "J021-ZY·XF·01·2026·D30-0001" in text
        assert f"— {number} —" in text
    whole = "".join("".join(texts).split())
    assert all(part.sha256 in whole for part in the_package().parts())
    assert "跳到正文" not in whole


def test_what_assistive_technology_is_told_has_landmarks_headings_lists_and_a_table(opened):
    opened.ask("Accessibility.enable")
    nodes = opened.ask("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node.get("ignored")]
    for role in (
        "banner",
        "navigation",
        "main",
        "contentinfo",
        "heading",
        "list",
        "listitem",
        "table",
        "columnheader",
        "link",
    ):
        assert role in roles, role
    unnamed = [
        node for node in nodes
        if node.get("role", {}).get("value") in {"link", "heading"} and not node.get("ignored") and not node["name"]["value"].strip()
    ]  # fmt: skip
    assert unnamed == []


def test_a_folded_catalogue_opens_where_a_link_leads(tab, tmp_path):
    package = the_package()
    volume = package.volumes[0]
    many = tuple(
        Material(
            seq=n, title=f"第{n}份", group="other", pages=1, parts=volume.materials[0].parts if n == 1 else ()
        )
        for n in range(1, 502)
    )
    long = a_package(
        volumes=(
            Volume(
                seq=1, number=volume.number, title="长", first=volume.first, last=volume.last, materials=many
            ),
        )
    )
    file = tmp_path / "index.html"
    file.write_bytes(index_html(long, CASES[LONG], office()))
    tab.width(1200)
    tab.go(file.as_uri())
    shown = "document.querySelector('#m1-450').checkVisibility()"
    assert tab.value(shown) is False
    tab.value("document.querySelector('a[href=\"#m1-450\"]').click()")
    assert tab.value(shown) is True
