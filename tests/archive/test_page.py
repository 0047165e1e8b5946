"""The page that opens offline: whole, harmless, in order; it links what there is and betrays nobody."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import subprocess
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import lxml.html
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.archive.packages import AT, JPEG, PDF, a_package, a_part
from tests.builders import a_case, claim, person, service, to, transfer
from tests.samples.corpus import cases, office
from tests.tools import needs
from xfdocs.archive.bag import write_bag
from xfdocs.archive.model import Format, Material, Model, Package, Part, Role, Volume
from xfdocs.archive.names import safe_name
from xfdocs.archive.page import FOLDER, index_html
from xfdocs.archive.page.speech import WITHHELD, Speech, css_text, link
from xfdocs.errors import PageTemplateInvalid
from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.model import Case, Confidentiality, Ident, Issued, IssuedFile, Respondent, Secret
from xfdocs.record.rules.matter import CaseView
from xfdocs.record.writer import EVENT_NAMES
from xfdocs.resources import shipped

CASES = {case.id: case for case in cases()}
A_CASE = CASES["YZ-20260706-0012"]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{% if %}</style></title>&amp;"


def page(package: Package | None = None, case: Case = A_CASE, desk: Office | None = None) -> bytes:
    return index_html(package or a_package(), case, desk or office())


def read(data: bytes) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(data.decode("utf-8"))


def said(data: bytes) -> str:
    """What a person sees, style sheets left out."""
    return re.sub(r"\s+", " ", read(data).body.text_content())


def targets(root: lxml.html.HtmlElement) -> list[str]:
    return [a.get("href") for a in root.iter("a")]


def with_materials(*materials: Material, **more: object) -> Package:
    package = a_package()
    return a_package(volumes=(replace(package.volumes[0], materials=materials),), **more)


def a_material(seq: int = 1, *parts: Part, **facts: object) -> Material:
    return Material(**{"seq": seq, "title": f"第{seq}份", "group": "other", "parts": parts, **facts})


def attachment(name: str, *, received: str = "", note: str = "", form: Format = JPEG) -> Part:
    path = f"representations/original/data/附件/{name}"
    return a_part(path, name.encode(), Role.ATTACHMENT, form, name=received, note=note)


# --- whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_every_event_stands_once_in_its_order_with_its_day_and_who_acted(case):
    items = read(page(case=case)).xpath("//ol[@class='events']/li")
    assert [item.get("id") for item in items] == [f"e{event.seq}" for event in case.events]
    speech = Speech.of(case)
    for item, event in zip(items, case.events, strict=True):
        (head,) = item.xpath("./h3")
        assert head.text_content() == f"{event.seq}. {event.date} {EVENT_NAMES[type(event)]}"
        (who,) = item.xpath("./p[@class='who']")
        assert speech(event.organ or case.registration.organ) in who.text_content()
        assert (speech(event.handler) if event.handler else "") in who.text_content()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_every_claim_is_told_with_what_is_asked(case):
    text = said(page(case=case))
    speech = Speech.of(case)
    for one in case.claims:
        assert re.sub(r"\s+", " ", speech(one.request)) in text


def test_what_an_event_rests_on_is_told():
    text = said(page())
    assert "云州市城市供水管理办法" in text
    assert "第十二条第一款" in text


def test_the_head_says_where_the_package_belongs():
    text = said(page())
    for value in (
        "J021-ZY·XF·01·2026·D30-0001",
        "J021 云州市信访局",
        "30年（其他有处理结果的）",
        "YZ-20260302-0001",
        "第 1 版",
    ):
        assert value in text
    assert read(page()).findtext(".//title") == "J021-ZY·XF·01·2026·D30-0001 关于和平路小区供暖问题的信访案卷"


def test_a_second_version_names_the_first_by_its_digest():
    text = said(page(a_package(version=2, predecessor="ab" * 32)))
    assert "第 2 版" in text
    assert "ab" * 32 in text


def test_a_level_of_secrecy_stands_above_everything_and_on_every_sheet():
    secret = Secret(level=codes.SecrecyLevel.SECRET, years=10)
    data = page(case=replace(A_CASE, confidentiality=Confidentiality(secret=secret)))
    (mark,) = read(data).xpath("//header/p[@class='mark']")
    assert mark.text == f"{secret.level}★10年"
    assert css_text(mark.text).encode() in data
    assert not read(page()).xpath("//p[@class='mark']")


def test_each_file_is_linked_once_and_every_link_leads_to_a_file_or_a_place_in_the_page():
    package = a_package()
    root = read(page(package))
    links = targets(root)
    files = [unquote(href) for href in links if not href.startswith("#")]
    assert sorted(files) == sorted(str(part.path) for part in package.parts())
    ids = root.xpath("//@id")
    assert {href[1:] for href in links if href.startswith("#")} <= set(ids)
    assert len(ids) == len(set(ids))


def test_each_file_tells_its_format_its_size_and_its_digest():
    package = a_package()
    for part in package.parts():
        (item,) = read(page(package)).xpath(f"//li[a/@href='{link(part.path)}']")
        text = item.text_content()
        assert f"{part.format.name}，{part.size} 字节" in text
        assert item.findtext(".//code") == part.sha256
        assert part.sha256[:12] in item.findtext(".//summary")


@pytest.mark.parametrize("turn", [1, -1])
def test_a_copy_for_reading_comes_before_the_original_and_both_say_what_they_are(turn):
    envelope = a_package().volumes[0].materials[1]
    package = with_materials(replace(envelope, parts=envelope.parts[::turn]))
    (row,) = read(page(package)).xpath("//tr[@id='m1-2']")
    assert [a.text for a in row.iter("a")] == ["02-信封.pdf", "02-信封.jpg"]
    assert [p.text.split("，")[0] for p in row.xpath(".//li/p[1]")] == ["阅读副本", "收到的原文件"]
    assert "原名 信封 .JPG" in row.text_content()


def test_what_was_found_about_an_attachment_is_told():
    package = with_materials(a_material(1, attachment("01-表.jpg", note="扩展名与内容不符")))
    assert "注意：扩展名与内容不符" in said(page(package))


@pytest.mark.parametrize("name", ["01-网页.html", "01-图.SVG", "01-邮件.mht"])
def test_who_opens_a_file_that_may_run_something_is_warned(name):
    assert "会运行其中的程序" in said(page(with_materials(a_material(1, attachment(name)))))
    assert "会运行其中的程序" not in said(page())


def test_a_page_that_only_calls_itself_a_picture_is_warned_of_too():
    form = Format(name="HTML", media="text/html")
    package = with_materials(a_material(1, attachment("01-图.jpg", form=form)))
    assert "会运行其中的程序" in said(page(package))


def test_what_is_on_paper_only_is_said_in_its_line_and_listed():
    root = read(page())
    assert "只有纸质" in root.xpath("//tr[@id='m1-3']")[0].text_content()
    (item,) = root.xpath("//h3[@id='paper']/following-sibling::ul[1]/li")
    assert item.text_content().strip() == "J021-ZY·XF·01·2026·D30-0001-003 现场图"
    whole = with_materials(a_material(1, attachment("01-信.jpg")))
    assert "没有。目录里的每一份都有电子文件。" in said(page(whole))
    assert "只有纸质" in said(page(with_materials(a_material(1)))).partition("只有纸质的材料")[0]


def test_an_issued_document_leads_to_its_line_by_its_bytes_or_its_number():
    opinion = a_package().volumes[0].materials[0]
    file = IssuedFile(format=codes.FileFormat.PDF, name="x.pdf", sha256=opinion.parts[0].sha256)
    issued = (
        Issued(event=1, kind="甲", date=dt.date(2026, 7, 2), files=(file,)),
        Issued(event=1, kind="乙", number=opinion.number, date=dt.date(2026, 7, 2), void="文号用错"),
        Issued(event=1, kind="丙", number="云信转字〔2026〕99号", date=dt.date(2026, 7, 2)),
        Issued(kind="丁", date=dt.date(2026, 7, 3)),
    )
    case = a_case("2026-07-01", transfer("2026-07-02", to("云州市水务局")), issued=issued)
    root = read(page(case=case))
    shown = [
        (li.xpath("string(span)"), li.xpath("string(.//a/@href)"))
        for li in root.xpath("//ul[@class='papers']/li")
    ]
    assert shown == [("甲", "#m1-1"), ("乙", "#m1-1"), ("丙", ""), ("丁", "")]
    assert len(root.xpath("//li[@id='e1']//ul[@class='papers']/li")) == 3
    assert "已作废：文号用错" in said(page(case=case))


def test_several_volumes_each_have_their_catalogue_and_one_item_has_no_volumes():
    first = a_package().volumes[0]
    second = Volume(
        seq=2, number="J021-ZY·XF·01·2026·D30-0002", title="第二卷", first=first.first, last=first.last,
        materials=(a_material(1, attachment("90-照片.jpg")),),
    )  # fmt: skip
    root = read(page(a_package(volumes=(first, second))))
    assert [h.text for h in root.xpath("//details[@class='book']/summary/h3")] == [
        f"第 1 卷 {first.number}",
        f"第 2 卷 {second.number}",
    ]
    assert root.xpath("//tr[@id='m2-1']")
    item = said(page(a_package(model=Model.ITEM)))
    assert "第 1 卷" not in item
    assert "文件目录" in item


def test_what_failed_while_packing_is_told():
    action = replace(
        a_package().actions[0], kind="normalization", outcome="failure", detail="1 个文件没有做成副本"
    )
    assert "未完成：1 个文件没有做成副本" in said(page(a_package(actions=(action,))))


def test_the_same_case_makes_the_same_bytes():
    first = page()
    assert first == page()
    assert first.decode("utf-8").startswith("<!DOCTYPE html>\n")


# --- harmless -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases()[:10], ids=lambda case: case.id)
def test_nothing_is_loaded_and_nothing_runs(case):
    data = page(case=case)
    root = read(data)
    tags = {element.tag for element in root.iter() if isinstance(element.tag, str)}
    assert not tags & {
        "script", "link", "img", "iframe", "object", "embed", "base", "form", "svg", "video", "audio", "source", "input",
    }  # fmt: skip
    attributes = {name for element in root.iter() for name in element.attrib}
    assert attributes <= {
        "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "value", "aria-label", "aria-labelledby",
        "tabindex", "open", "scope", "datetime",
    }  # fmt: skip
    assert all(re.fullmatch(r"#[\w-]+|[\w.~%/-]+", href, re.ASCII) for href in targets(root))
    styles = "".join(style.text for style in root.iter("style"))
    assert not re.search(r"url\(|@import|@font-face|expression", styles)
    assert b"http://" not in data
    assert b"https://" not in data


def test_the_policy_lets_in_the_two_style_sheets_of_the_page_and_nothing_else():
    root = read(page())
    (meta,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']")
    rules = dict(rule.strip().split(" ", 1) for rule in meta.get("content").split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    digests = [
        f"'sha256-{base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()}'"
        for style in root.iter("style")
    ]
    assert rules == {**rules, "style-src": " ".join(digests)}
    assert len(rules) == 4
    assert meta.getprevious().get("charset") == "utf-8", "it must stand before whatever it is about"


def test_values_are_text_never_markup():
    evil = attachment("01-x.jpg", received=EVIL, note=EVIL)
    package = with_materials(
        a_material(1, evil, title=EVIL, number=EVIL, responsible=EVIL, remark=EVIL, secrecy=EVIL, original=EVIL),
        title=EVIL, organ=EVIL, fonds_name=EVIL, retention_ground=EVIL, predecessor=EVIL, version=2, secrecy=EVIL,
        case=EVIL, actions=(replace(a_package().actions[0], detail=EVIL, agent=EVIL, outcome=EVIL),),
    )  # fmt: skip
    volume = replace(package.volumes[0], number=EVIL, title=EVIL)
    case = replace(
        A_CASE, claims=(claim(1, request=EVIL, facts="javascript:alert(1)"),), petitioners=(person(EVIL),),
        events=(replace(A_CASE.events[0], organ=EVIL, handler=EVIL),),
        issued=(Issued(event=1, kind=EVIL, number=EVIL, date=dt.date(2026, 1, 2), signer=EVIL, void=EVIL),),
    )  # fmt: skip
    data = page(replace(package, volumes=(volume,)), case)
    root = read(data)
    assert {e.tag for e in root.iter() if isinstance(e.tag, str)} <= {
        "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "dl", "div", "dt", "dd", "time",
        "nav", "ul", "ol", "li", "main", "section", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "b",
        "strong", "span", "bdi", "code", "pre", "footer",
    }  # fmt: skip
    assert said(data).count(EVIL) >= 20
    assert root.findtext(".//title") == f"{EVIL} {EVIL}"
    assert not [href for href in targets(root) if "javascript" in href]


@pytest.mark.parametrize(
    "name", ["照片\u202egpj.exe", "隐\u200b藏.jpg", "x\u2066.pdf", "信\x00.jpg", "\ud800.jpg", "x\ufffe.jpg"]
)
def test_what_hides_or_turns_a_name_round_is_spelled_out(name):
    data = page(with_materials(a_material(1, attachment("01-x.jpg", received=name))))
    hidden = next(c for c in name if not c.isprintable())
    assert hidden.encode("utf-8", "surrogatepass") not in data
    assert f"\\{'u' if ord(hidden) > 255 else 'x'}{ord(hidden):0{4 if ord(hidden) > 255 else 2}x}" in said(
        data
    )


@pytest.mark.parametrize(
    "name", ["a#b.pdf", "50%.pdf", "%41.pdf", "what?.pdf", "two  words.pdf", "\"it's\".pdf", "..x..pdf", "a:b.pdf", "𠮷&<.pdf", "x;y=z,@!$+.pdf"],
)  # fmt: skip
def test_a_file_of_any_name_is_linked_right(name):
    root = read(page(with_materials(a_material(1, attachment(name)))))
    (href,) = (href for href in targets(root) if "%E9%99%84%E4%BB%B6" in href)
    assert unquote(href) == f"representations/original/data/附件/{name}"
    assert re.fullmatch(r"[\w.~%/-]+", href, re.ASCII)


@given(st.lists(st.text(min_size=1).map(safe_name), min_size=1, max_size=4))
@example(["con", "附件", "..", "a%2Fb"])
def test_a_link_is_its_path(names):
    path = PurePosixPath(*(name for name in names if name not in {".", ".."}), "x")
    href = str(link(path))
    assert unquote(href) == str(path)
    assert href.isascii()
    assert not set(href) & set("#?\\:\"'<>& ")


@pytest.mark.parametrize("path", ["../x.pdf", "/etc/passwd", "a/../../x", "a\\b", "C:/x", "a\u202eb"])
def test_no_link_leads_out_of_the_package(path):
    with pytest.raises(ValueError, match="no path inside"):
        link(PurePosixPath(path))


# --- who must not be named ------------------------------------------------------------------------------


PROTECTED = [case for case in cases() if CaseView(case).protected]


def test_there_are_protected_cases_among_the_samples_and_most_have_names():
    assert len([case for case in PROTECTED if CaseView(case).identities]) >= 2


@pytest.mark.parametrize("case", PROTECTED, ids=lambda case: case.id)
def test_in_a_protected_case_neither_who_reported_nor_who_is_reported_is_named(case):
    view = CaseView(case)
    secrets = {text for _, text in view.identities}
    secrets |= {
        r.name for one in view.protected for r in one.respondents if r.kind is codes.RespondentKind.PERSON
    }
    package = with_materials(
        a_material(
            1, attachment("01-x.jpg", received="、".join(sorted(secrets))), title="、".join(sorted(secrets))
        )
    )
    text = said(page(package, case))
    assert [secret for secret in sorted(secrets) if secret in text] == []
    assert (WITHHELD in text) >= bool(secrets)
    assert "第三十条第三款" in text


def test_nobody_else_is_hidden():
    text = said(page())
    assert A_CASE.petitioners[0].name in text
    assert A_CASE.petitioners[0].phones[0] in text
    assert "第三十条第三款" not in text


@pytest.mark.parametrize(
    "spelled", ["鲍秋菊", "鲍 秋菊", "鲍·秋菊", "１９９００００１０２５", "199-0000-1025", "1990000 1025"]
)
def test_a_name_or_number_is_found_however_it_is_spaced_or_wide(spelled):
    speech = Speech.of(CASES["YZ-20260713-0006"])
    assert speech(f"据{spelled}说") == f"据{WITHHELD}说"


def test_a_link_and_a_digest_stay_whole_whatever_is_hidden():
    case = CASES["YZ-20260713-0006"]
    name = f"{case.petitioners[0].phones[0]}.jpg"
    root = read(page(with_materials(a_material(1, attachment(name))), case))
    (a,) = root.xpath("//tr[@id='m1-1']//a")
    assert unquote(a.get("href")).endswith(name)
    assert a.text == f"{WITHHELD}.jpg"


def test_the_number_of_an_identity_card_and_the_password_of_a_query_are_never_shown():
    citizen = person(ident=Ident(type=codes.IdentType.RESIDENT, number="990000199001011234"))
    case = a_case("2026-07-01", petitioners=(citizen,), registration={"query_code": "Q8W2E4"})
    text = said(page(case=case))
    assert "990000199001011234" not in text
    assert "Q8W2E4" not in text
    assert citizen.name in text


def test_a_reported_unit_is_told_where_it_is_no_accusation():
    reported = Respondent(kind=codes.RespondentKind.UNIT, name="云州市自来水有限公司")
    assert "云州市自来水有限公司" in said(
        page(case=a_case("2026-07-01", claims=(claim(respondents=(reported,)),)))
    )
    accused = claim(purpose=codes.Purpose.REPORT, path=codes.Path.REPORT, respondents=(reported,))
    text = said(page(case=a_case("2026-07-01", claims=(accused,))))
    assert f"被反映人{WITHHELD}" in text.replace(" ", "")


# --- readable -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_headings_go_down_one_level_at_a_time_and_there_is_one_first(case):
    levels = [int(h.tag[1]) for h in read(page(case=case)).iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_has_its_language_its_landmarks_and_names_for_its_parts():
    root = read(page())
    assert root.get("lang") == "zh-CN"
    for landmark in ("header", "nav", "main", "footer"):
        assert len(root.xpath(f"//body//{landmark}")) == 1
    assert root.xpath("//nav/@aria-label")
    ids = set(root.xpath("//@id"))
    assert all(set(names.split()) <= ids for names in root.xpath("//@aria-labelledby"))
    assert set(root.xpath("//th/@scope")) == {"col"}
    assert root.body[0].get("href") == "#main"
    assert all(a.text_content().strip() for a in root.iter("a"))


def test_text_stands_out_from_its_ground():
    """WCAG 2.2 1.4.3: at least 4.5 to 1, for every colour of text on every ground the style sheet has."""
    style = shipped(*FOLDER, "style.css").read_text("utf-8")
    texts = set(re.findall(r"(?<![-\w])color: (#\w+)", style))
    grounds = set(re.findall(r"background: (#\w+)", style))
    assert len(texts) >= 4
    assert len(grounds) >= 3
    weak = [(a, b) for a in texts for b in grounds if _contrast(a, b) < 4.5]
    assert weak == []


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_ten_thousand_attachments_make_a_page_in_seconds_that_is_folded_up():
    materials = []
    for n in range(1, 10_001):
        original = attachment(f"{n:05}-IMG_{n:05}.jpg", received=f"IMG_{n:05}.JPG", note="扩展名与内容不符")
        path = f"representations/access/data/附件/{n:05}-IMG_{n:05}.pdf"
        copy = a_part(path, b"%d" % n, Role.ACCESS, PDF, copy_of=original.path)
        materials.append(a_material(n, original, copy, pages=1, first_page=n, date=dt.date(2026, 3, 2)))
    package = with_materials(*materials)
    page()  # templates are compiled
    begun = time.process_time()
    data = page(package)
    assert time.process_time() - begun < 3
    assert len(data) < 10_000_000
    root = read(data)
    leaves = root.xpath("//details[@class='book'][not(@open)]/details[@class='leaf'][not(@open)]")
    assert len(leaves) == 50
    assert leaves[-1].findtext("summary") == "序号 9801 至 10000"
    assert len(root.xpath("//tr[@id]")) == 10_000


# --- checked by hand ------------------------------------------------------------------------------------


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    package = a_package()
    shown = a_part("index.html", page(package), Role.PAGE, Format(name="HTML", media="text/html"))
    return write_bag(tmp_path / "bag", [*package.parts(), shown], [], made=AT).path


@pytest.mark.parametrize(("system", "tool"), [("linux", "sha256sum"), ("macos", "shasum")])
def test_the_commands_on_the_page_accept_a_package_and_find_one_changed_byte(bag, system, tool):
    needs(tool)
    command = read((bag / "data/index.html").read_bytes()).xpath(f"string(//pre[@id='check-{system}'])")
    assert command.startswith(tool)

    def check() -> int:
        return subprocess.run(command, shell=True, cwd=bag, capture_output=True, check=False).returncode

    assert check() == 0
    record = bag / "data/representations/original/data/案件记录.xml"
    record.write_bytes(record.read_bytes().replace(b"x", b"y"))
    assert check() != 0


# --- an office's own ------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> tuple[Office, Path]:
    folder = tmp_path.joinpath(*FOLDER)
    folder.mkdir(parents=True)
    return replace(office(), folder=tmp_path), folder


def test_an_office_has_its_own_page_or_only_its_own_style(own):
    desk, folder = own
    folder.joinpath("style.css").write_text("body { color: #000 }\n", "utf-8")
    assert b"body { color: #000 }\n</style>" in page(desk=desk)
    folder.joinpath("index.html").write_text("<p>{{ number }} {{ package.title }}", "utf-8")
    assert page(a_package(title="<b>"), desk=desk).decode() == "<p>J021-ZY·XF·01·2026·D30-0001 &lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{ nummber }}", "nummber"),
        ("{% if %}", "第 1 行"),
        ("\n{{ number", "第 2 行"),
        ("{{ books[0].rows[0].material.parts[0].source }}", "unsafe"),
        ("{% for part in package.parts() %}{{ part.path.home() }}{% endfor %}", "unsafe"),
        ("{{ package.__class__ }}", "unsafe"),
    ],
)
def test_a_fault_in_it_is_told_with_the_file_and_no_template_reaches_files(own, text, what):
    desk, folder = own
    folder.joinpath("index.html").write_text(text, "utf-8")
    with pytest.raises(PageTemplateInvalid) as caught:
        page(desk=desk)
    assert str(folder / "index.html") in str(caught.value)
    assert what in str(caught.value)


def test_a_style_sheet_cannot_end_itself(own):
    desk, folder = own
    folder.joinpath("style.css").write_text("</style><script>", "utf-8")
    with pytest.raises(PageTemplateInvalid, match=r"style\.css"):
        page(desk=desk)


def test_service_is_told_with_the_event_it_means():
    case = a_case("2026-07-01", transfer("2026-07-02", to("云州市水务局")), service(1, "2026-07-03"))
    assert "1（2026-07-02 转送）" in said(page(case=case))
