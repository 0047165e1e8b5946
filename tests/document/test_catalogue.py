"""Which kinds there are, by what name, and how an office changes them piece by piece."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import OFFICE, WATER, a_case, an, office_in, person, reply, service, to, transfer
from tests.samples.corpus import office as samples
from xfdocs.document.catalogue import Catalogue, catalogue_of
from xfdocs.document.compose import compose
from xfdocs.errors import KindInvalid, KindUnknown, NotCalledFor, OfficeInvalid
from xfdocs.office import Office
from xfdocs.record import codes
from xfdocs.record.events import Acceptance
from xfdocs.resources import shipped

TITLES = {
    "A1": "来信登记表",
    "B1": "受理告知书",
    "B2": "处理途径和程序告知书",
    "B3": "不予受理告知书",
    "B4": "不再受理告知书",
    "B5": "转送（交办）去向告知书",
    "B6": "延长办理期限告知书",
    "C1": "转送函",
    "C2": "交办函",
    "D1": "处理意见书",
    "D2": "答复意见书",
    "F1": "送达回证",
}
CASE = a_case(
    "2026-07-01",
    transfer("2026-07-03", to(WATER, "2026-07-06")),
    an(Acceptance, "2026-07-10", WATER),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    office_in(tmp_path)
    return tmp_path


def piece(folder: Path, slug: str, name: str, text: str) -> Path:
    path = folder / "templates" / slug / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def kinds(folder: Path) -> Catalogue:
    return Catalogue.of(Office.open(folder))


# --- names ----------------------------------------------------------------------------------------------


def test_the_kinds_of_cases_and_of_reports_are_there():
    found = catalogue_of(samples())
    assert sum(kind.call.by_record for kind in found.kinds.values()) == 14
    assert {kind.code for kind in found.kinds.values() if kind.call.report} == {
        "H1",
        "H2",
        "H3",
        "H3-1",
        "H5",
        "H6",
    }
    assert {kind.code for kind in found.kinds.values() if kind.call.archive} == {
        "I1",
        "I2",
        "I3",
        "I4",
        "I4-1",
        "I5",
        "I5-1",
        "I5-2",
        "I5-3",
        "I6",
    }
    for code, title in TITLES.items():
        assert found.kind(code).title == title
    assert {found.kind("督办函").code, found.kind("督办单").code} == {"C4"}


@pytest.mark.parametrize("name", ["acceptance-notice", "受理告知书", "B1", "信访事项受理告知书"])
def test_a_kind_has_a_slug_a_title_a_code_and_other_names(name):
    assert catalogue_of(samples()).kind(name).slug == "acceptance-notice"


def test_every_name_of_every_kind_means_that_kind():
    for kind in catalogue_of(samples()).kinds.values():
        for name in (kind.slug, kind.title, *kind.aliases):
            assert catalogue_of(samples()).kind(name) is kind


def test_a_code_that_two_kinds_share_names_neither():
    with pytest.raises(KindUnknown, match="C4"):
        catalogue_of(samples()).kind("C4")


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("受理通知书", "受理告知书"), ("acceptance-notise", "acceptance-notice"), ("督办信", "督办函")],
)
def test_a_name_nobody_knows_brings_up_the_nearest(wrong, near):
    with pytest.raises(KindUnknown) as caught:
        catalogue_of(samples()).kind(wrong)
    assert near in str(caught.value)
    assert "xfdocs kinds" in str(caught.value)


def test_a_name_like_nothing_brings_up_nothing():
    with pytest.raises(KindUnknown) as caught:
        catalogue_of(samples()).kind("zzz")
    assert "是不是" not in str(caught.value)


def test_every_kind_says_in_chinese_what_it_is_for_and_for_whom():
    for kind in catalogue_of(samples()).kinds.values():
        assert kind.about
        assert not kind.about.isascii()
        assert kind.recipient in {"信访人", "机关", "存档"}
        assert kind.copies >= 1
        assert shipped("templates", "_layouts", kind.layout).is_dir()


# --- an office changes a kind piece by piece ------------------------------------------------------------


def test_an_offices_wording_is_said_instead_of_the_shipped_one(folder):
    piece(
        folder, "acceptance-notice", "wording.md", "标题：我局的受理告知书\n主送：{{ 受文 }}\n---\n已受理。\n"
    )
    office = Office.open(folder)
    document = compose("受理告知书", CASE, office)
    assert document.title == "我局的受理告知书"
    assert [block.text for block in document.body] == ["已受理。"]
    assert catalogue_of(office).kind("B1").layout == "notice", "what it does not change stays"


def test_an_offices_settings_of_a_kind_stand_instead_of_the_shipped_ones(folder):
    piece(
        folder, "acceptance-notice", "kind.toml",
        'title = "受理通知"\nlayout = "letter"\nrecipient = "信访人"\n[call]\nevent = "受理"\n',
    )  # fmt: skip
    kind = kinds(folder).kind("受理通知")
    assert (kind.slug, kind.layout) == ("acceptance-notice", "letter")
    assert "信访事项受理告知书" in compose(kind, CASE, Office.open(folder)).title, (
        "the wording is the shipped one"
    )


def test_a_new_kind_is_a_folder_with_two_files(folder):
    piece(
        folder, "thanks", "kind.toml",
        'title = "感谢信"\nlayout = "letter"\nrecipient = "信访人"\n[call]\nevent = "受理"\n',
    )  # fmt: skip
    piece(folder, "thanks", "wording.md", "标题：感谢信\n主送：{{ 受文 }}\n---\n感谢{{ 称呼 }}来信。\n")
    document = compose("感谢信", CASE, Office.open(folder))
    assert (document.kind, document.addressees) == ("thanks", ("陆晚晴",))
    assert [b.text for b in document.body] == ["感谢您来信。"]


def test_a_kind_that_is_switched_off_is_not_there(tmp_path):
    office = office_in(tmp_path, "[kinds.acceptance-notice]\nenabled = false\n")
    with pytest.raises(KindUnknown):
        catalogue_of(office).kind("受理告知书")
    assert [k.slug for k, _ in catalogue_of(office).called_for(CASE, office)] == [
        "letter-register-form",
        "transfer-letter",
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('title = "甲"\nlayout = "letter"\ncolour = "red"\n[call]\nevent = "受理"\n', "colour"),
        ('title = "甲"\nlayout = "letter"\n[call]\nwhen = "受理"\n', "when"),
        ('title = "甲"\nlayout = "letter"\n[call]\nevent = "收理"\n', "收理"),
        ('title = "甲"\nlayout = "letter"\n[call]\nevent = "受理"\nnatures = ["公司"]\n', "natures"),
        (
            'title = "甲"\nlayout = "letter"\n[call]\nevent = "答复"\nequals = { "种别" = "处理意见" }\n',
            "种别",
        ),
        ('title = "甲"\nlayout = "letter"\n[call]\nevent = "告知"\nhas = ["没有"]\n', "没有"),
        ('layout = "letter"\n[call]\nevent = "受理"\n', "title"),
        ('title = "甲"\n[call]\nevent = "受理"\n', "layout"),
        ('title = "甲"\nlayout = "poster"\n[call]\nevent = "受理"\n', "poster"),
        ('title = "甲"\nlayout = "letter"\nrecipient = "众人"\n[call]\nevent = "受理"\n', "众人"),
        ('title = "甲"\nlayout = "letter"\ncopies = "两份"\n[call]\nevent = "受理"\n', "copies"),
        ('title = "甲"\nlayout = "letter"\n', "[call]"),
        ('title = "甲"\nlayout = "letter"\naliases = [1]\n[call]\nevent = "受理"\n', "aliases"),
        ('title = "甲"\nlayout = "letter"\n[call]\nevent = "受理"\npaths = ["31-7"]\n', "31-7"),
        (
            'title = "甲"\nlayout = "letter"\n[call]\nevent = "答复"\nequals = { "种类" = 1 }\n',
            "[call.equals] 种类",
        ),
        ("title = 甲\n", "TOML"),
    ],
)
def test_what_is_wrong_with_a_kind_is_said_with_its_file(folder, text, what):
    piece(folder, "new-kind", "kind.toml", text)
    piece(folder, "new-kind", "wording.md", "标题：甲\n---\n乙\n")
    with pytest.raises(KindInvalid) as caught:
        kinds(folder)
    assert what in str(caught.value)
    assert "new-kind" in str(caught.value)


def test_a_new_kind_needs_both_its_files(folder):
    piece(folder, "new-kind", "wording.md", "标题：甲\n---\n乙\n")
    with pytest.raises(KindInvalid, match=r"kind\.toml"):
        kinds(folder)
    (folder / "templates" / "new-kind" / "wording.md").unlink()
    piece(folder, "new-kind", "kind.toml", 'title = "甲"\nlayout = "letter"\n[call]\nevent = "受理"\n')
    with pytest.raises(KindInvalid, match=r"wording\.md"):
        kinds(folder)


def test_a_setting_for_a_kind_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(OfficeInvalid, match="acceptance-notice"):
        catalogue_of(office_in(tmp_path, "[kinds.acceptance-notise]\ncopies = 3\n"))


# --- what a case calls for ------------------------------------------------------------------------------


def called(*events, office: Office, **facts) -> list[tuple[str, int]]:
    case = a_case("2026-07-01", *events, **facts)
    return [(k.title, e.seq if e else 0) for k, e in catalogue_of(office).called_for(case, office)]


def test_every_event_calls_for_its_document_in_the_order_of_events(folder):
    events = (*CASE.events, reply("2026-08-01", WATER), service(3, "2026-08-02", "2026-08-03"))
    assert called(*events, office=Office.open(folder)) == [
        ("来信登记表", 0), ("转送函", 1), ("受理告知书", 2), ("处理意见书", 3), ("送达回证", 4),
    ]  # fmt: skip


def test_only_a_letter_calls_for_the_form_of_letters(folder):
    assert called(office=Office.open(folder), channel=codes.Channel.VISIT) == []


def test_nothing_is_printed_in_the_name_of_an_organ_we_do_not_print_for(folder):
    stranger = an(Acceptance, "2026-07-10", "云州市体育局")
    assert called(stranger, office=Office.open(folder)) == [("来信登记表", 0)]


def test_nobody_is_written_to_whose_name_is_not_known(folder):
    nameless = {"petitioners": (person("一名职工", name_unclear=True),)}
    titles = [title for title, _ in called(*CASE.events, office=Office.open(folder), **nameless)]
    assert titles == ["来信登记表", "转送函"]


def test_the_law_of_the_day_decides_which_opinion_it_is(folder):
    office = Office.open(folder)
    for kind, day, made in (
        (codes.ReplyKind.OPINION, "2022-05-01", ["处理意见书"]),
        (codes.ReplyKind.OPINION, "2022-04-30", []),
        (codes.ReplyKind.REPLY, "2022-04-30", ["答复意见书"]),
        (codes.ReplyKind.REPLY, "2022-05-01", []),
    ):
        case = a_case("2022-04-01", reply(day, WATER, kind=kind))
        assert [k.title for k, e in catalogue_of(office).called_for(case, office) if e] == made


def test_a_kind_a_case_does_not_call_for_is_not_made(folder):
    with pytest.raises(NotCalledFor, match="答复"):
        compose("处理意见书", CASE, Office.open(folder))


def test_the_latest_event_is_taken_if_none_is_named(folder):
    case = a_case("2026-07-01", *CASE.events, an(Acceptance, "2026-07-12", OFFICE))
    assert compose("受理告知书", case, Office.open(folder)).issuer == OFFICE
