"""The data say what the two regulations say: articles, clocks, and what each document cites."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import date

import pytest

from xfdocs.errors import RegulationMissing
from xfdocs.rules import Actor, Circumstance, Citation, Law, Start, Unit, load_law, together
from xfdocs.rules.citation import place

LAW = load_law()
IN_2022 = date(2026, 3, 5)
IN_2005 = date(2018, 3, 5)
EVERY = [*LAW.regulations, *LAW.profiles.values()]
KINDS = {
    "acceptance-notice", "procedure-notice", "non-acceptance-notice", "no-further-acceptance-notice",
    "referral-notice", "extension-notice", "transfer-letter", "assignment-letter", "supervision-letter",
    "supervision-slip", "letter-register-form", "service-receipt",
}  # fmt: skip


def texts(citations):
    return [citation.place for citation in citations]


def citations_within(value):
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from citations_within(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from citations_within(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from citations_within(getattr(value, field.name))


# --- which regulation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "title"),
    [
        ("2005-05-01", "信访条例"),
        ("2022-04-30", "信访条例"),
        ("2022-05-01", "信访工作条例"),
        ("2026-03-05", "信访工作条例"),
    ],
)
def test_the_day_of_the_act_chooses_the_regulation(day, title):
    assert LAW.regulation_on(date.fromisoformat(day)).title == title


def test_before_the_first_of_may_2005_there_is_none():
    with pytest.raises(RegulationMissing) as missing:
        LAW.regulation_on(date(2005, 4, 30))
    assert "2005-04-30" in str(missing.value)


def test_a_regulation_is_found_by_its_title():
    assert LAW.regulation_titled("信访条例").id == "2005"
    assert LAW.regulation_titled("浙江省信访条例").local
    with pytest.raises(RegulationMissing):
        LAW.regulation_titled("信访工作办法")


def test_the_repeal_of_the_2005_regulation_is_marked_as_unverified():
    old, new = LAW.regulations
    assert old.ended == new.effective == date(2022, 5, 1)
    assert not old.ended_verified
    assert new.ended is None


# --- articles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regulation", "articles", "paragraphs", "items"), [("2022", 50, 98, 62), ("2005", 51, 77, 42)]
)
def test_the_article_index_is_whole(regulation, articles, paragraphs, items):
    found = next(r for r in LAW.regulations if r.id == regulation).articles
    assert list(found) == list(range(1, articles + 1))
    assert all(article.heading for article in found.values())
    assert sum(len(article.items) for article in found.values()) == paragraphs
    assert sum(sum(article.items) for article in found.values()) == items


@pytest.mark.parametrize(
    ("day", "article", "items"),
    [
        (IN_2022, 5, (5,)),
        (IN_2022, 11, (7, 0)),
        (IN_2022, 19, (0, 0, 0)),
        (IN_2022, 22, (3, 0)),
        (IN_2022, 23, (0, 0, 0, 0)),
        (IN_2022, 31, (6,)),
        (IN_2022, 32, (3, 0)),
        (IN_2022, 36, (0, 0, 0)),
        (IN_2022, 40, (0, 0, 0, 0)),
        (IN_2022, 46, (7,)),
        (IN_2005, 14, (5, 0)),
        (IN_2005, 21, (4, 0)),  # item 3 has a second natural paragraph of its own
        (IN_2005, 32, (3, 0)),
        (IN_2005, 36, (6, 0)),
    ],
)
def test_the_shape_of_the_articles_that_documents_cite(day, article, items):
    assert LAW.regulation_on(day).articles[article].items == items


@pytest.mark.parametrize(
    ("cited", "there"),
    [
        ((31, None, 6), True),
        ((31, 1, 6), True),
        ((31, None, 7), False),
        ((31, 2), False),
        ((22, 1, 3), True),
        ((22, 1, 4), False),
        ((22, 2, 1), False),
        ((22, None, 3), False),  # two paragraphs: which one must be said
        ((34,), True),
        ((34, 1), True),
        ((51,), False),
        ((0,), False),
        ((36, 0), False),
        ((31, None, 0), False),
    ],
)
def test_an_article_paragraph_or_item_that_does_not_exist_is_known_not_to(cited, there):
    regulation = LAW.regulation_on(IN_2022)
    assert regulation.exists(*cited) is there
    if there:
        assert regulation.cite(*cited).regulation == "信访工作条例"
    else:
        with pytest.raises((RegulationMissing, ValueError)):
            regulation.cite(*cited)


def test_the_only_paragraph_of_an_article_is_not_written():
    regulation = LAW.regulation_on(IN_2022)
    assert regulation.cite(31, 1, 6).text == "《信访工作条例》第三十一条第六项"
    assert regulation.cite(34, 1).text == "《信访工作条例》第三十四条"
    assert regulation.cite(22, 1, 3).text == "《信访工作条例》第二十二条第一款第三项"
    assert regulation.cite_place("第三十一条第六项") == regulation.cite(31, item=6)


def test_every_article_cited_in_the_data_exists_in_its_regulation():
    by_title = {regulation.title: regulation for regulation in EVERY}
    cited = list(citations_within(EVERY))
    assert len(cited) > 200
    for citation in cited:
        regulation = by_title[citation.regulation]
        assert regulation.exists(citation.article, citation.paragraph, citation.item), citation
        assert regulation.cite(citation.article, citation.paragraph, citation.item) == citation


def test_the_places_the_regulations_name_of_themselves_exist():
    new, old = LAW.regulation_on(IN_2022), LAW.regulation_on(IN_2005)
    assert all(new.exists(*at) for at in [(31, None, 6), (20,), (26,)])  # in 34, 36, 47
    assert all(
        old.exists(*at) for at in [(14, 1), (15,), (18,), (20,), (26,), (31, 2)]
    )  # in 22, 21, 47, 45, 35


# --- clocks ---------------------------------------------------------------------------------------------

CLOCKS_2022 = {
    "disposition": (15, Unit.DAYS, Start.RECEIVED, Actor.PETITION_OFFICE, "第二十二条第一款"),
    "notice": (15, Unit.DAYS, Start.RECEIVED, Actor.HANDLER, "第二十三条第二款"),
    "notice-after-transfer": (15, Unit.DAYS, Start.REFERRED, Actor.HANDLER, "第二十三条第三款"),
    "objection": (5, Unit.WORKDAYS, Start.REFERRED, Actor.HANDLER, "第二十三条第三款"),
    "feedback": (None, Unit.DAYS, Start.ASSIGNED, Actor.HANDLER, "第二十二条第一款第三项"),
    "handling": (60, Unit.DAYS, Start.ACCEPTED, Actor.HANDLER, "第三十四条"),
    "extension": (30, Unit.DAYS, Start.HANDLING_DUE, Actor.HANDLER, "第三十四条"),
    "review-request": (30, Unit.DAYS, Start.OPINION_SERVED, Actor.PETITIONER, "第三十五条"),
    "review": (30, Unit.DAYS, Start.REVIEW_REQUESTED, Actor.REVIEWER, "第三十五条"),
    "recheck-request": (30, Unit.DAYS, Start.REVIEW_SERVED, Actor.PETITIONER, "第三十六条第一款"),
    "recheck": (30, Unit.DAYS, Start.RECHECK_REQUESTED, Actor.RECHECKER, "第三十六条第一款"),
}
CLOCKS_2005 = {
    "disposition": (15, Unit.DAYS, Start.RECEIVED, Actor.PETITION_OFFICE, "第二十一条第一款"),
    "notice": (15, Unit.DAYS, Start.RECEIVED, Actor.HANDLER, "第二十二条第二款"),
    "notice-after-transfer": (15, Unit.DAYS, Start.REFERRED, Actor.HANDLER, "第二十一条第二款"),
    "feedback": (None, Unit.DAYS, Start.ASSIGNED, Actor.HANDLER, "第二十一条第一款第四项"),
    "handling": (60, Unit.DAYS, Start.ACCEPTED, Actor.HANDLER, "第三十三条"),
    "extension": (30, Unit.DAYS, Start.HANDLING_DUE, Actor.HANDLER, "第三十三条"),
    "review-request": (30, Unit.DAYS, Start.OPINION_SERVED, Actor.PETITIONER, "第三十四条"),
    "review": (30, Unit.DAYS, Start.REVIEW_REQUESTED, Actor.REVIEWER, "第三十四条"),
    "recheck-request": (30, Unit.DAYS, Start.REVIEW_SERVED, Actor.PETITIONER, "第三十五条第一款"),
    "recheck": (30, Unit.DAYS, Start.RECHECK_REQUESTED, Actor.RECHECKER, "第三十五条第一款"),
    "suggestion-feedback": (30, Unit.DAYS, Start.SUGGESTION_RECEIVED, Actor.ADVISED, "第三十六条第二款"),
}


@pytest.mark.parametrize(("day", "clocks"), [(IN_2022, CLOCKS_2022), (IN_2005, CLOCKS_2005)])
def test_the_clocks_of_each_regulation_and_no_others(day, clocks):
    rules = LAW.regulation_on(day).limits
    assert {k: (r.length, r.unit, r.start, r.actor, r.basis.place) for k, r in rules.items()} == clocks
    assert all(rule.verified for rule in rules.values())


@pytest.mark.parametrize("day", [IN_2022, IN_2005])
def test_only_the_recheck_leaves_out_the_days_of_a_hearing_and_only_the_extension_is_a_maximum(day):
    rules = LAW.regulation_on(day).limits.values()
    assert [rule.id for rule in rules if rule.excludes_hearing] == ["recheck"]
    assert [rule.id for rule in rules if rule.maximum] == ["extension"]


# --- what documents cite --------------------------------------------------------------------------------


def test_every_kind_has_its_articles_under_each_regulation():
    assert set(LAW.regulation_on(IN_2022).citations) == KINDS | {"handling-opinion"}
    assert set(LAW.regulation_on(IN_2005).citations) == KINDS | {"reply-opinion"}


@pytest.mark.parametrize(
    ("kind", "circumstances", "new", "old"),
    [
        ("acceptance-notice", "信访人直接提出", "第二十三条第一款、第三十一条第六项、第三十四条", "第二十二条第一款、第二款、第三十三条"),
        ("acceptance-notice", "转送交办", "第二十三条第三款、第三十一条第六项、第三十四条", "第二十一条第二款、第三十三条"),
        ("extension-notice", "", "第三十四条", "第三十三条"),
        ("transfer-letter", "信访部门 本级", "第二十二条第一款第一项", "第二十一条第一款第二项"),
        ("transfer-letter", "信访部门 下级", "第二十二条第一款第二项", "第二十一条第一款第三项"),
        ("assignment-letter", "信访部门", "第二十二条第一款第三项", "第二十一条第一款第四项"),
        ("letter-register-form", "信访部门", "第二十二条第一款", "第二十一条第一款"),
        ("letter-register-form", "其他机关", "第二十三条第一款", "第二十二条第一款"),
    ],
)  # fmt: skip
def test_a_document_cites_the_article_of_its_day_and_circumstances(kind, circumstances, new, old):
    held = [Circumstance(word) for word in circumstances.split()]
    assert together(LAW.basis(kind, IN_2022, held)) == f"《信访工作条例》{new}"
    assert together(LAW.basis(kind, IN_2005, held)) == f"《信访条例》{old}"


def test_a_transfer_of_an_accusation_cites_the_article_that_protects_the_accuser():
    held = [Circumstance.PETITION_OFFICE, Circumstance.ACCUSATION, Circumstance.DISCIPLINE]
    assert texts(LAW.basis("transfer-letter", IN_2022, held)) == ["第二十二条第二款", "第三十条第三款"]


def test_an_opinion_cites_the_item_of_each_of_its_conclusions():
    held = [Circumstance.SUPPORTED, Circumstance.REFUSED]
    assert texts(LAW.basis("handling-opinion", IN_2022, held)) == [
        "第三十一条第六项", "第三十二条第一款第一项", "第三十二条第一款第三项",
    ]  # fmt: skip
    assert texts(LAW.basis("reply-opinion", IN_2005, [Circumstance.EXPLAINED])) == ["第三十二条第一款第二项"]


def test_a_handling_opinion_does_not_exist_before_2022_nor_a_reply_opinion_after():
    for kind, day, title in (
        ("handling-opinion", IN_2005, "处理意见书"),
        ("reply-opinion", IN_2022, "答复意见书"),
    ):
        with pytest.raises(RegulationMissing) as missing:
            LAW.basis(kind, day)
        assert title in str(missing.value)


def test_only_the_opinions_open_a_remedy():
    for day, kind, article in (
        (IN_2022, "handling-opinion", "第三十五条"),
        (IN_2005, "reply-opinion", "第三十四条"),
    ):
        kinds = LAW.regulation_on(day).citations
        assert {k: v.remedy.place for k, v in kinds.items() if v.remedy} == {kind: article}


@pytest.mark.parametrize(
    ("path", "item"), [("31-1", "一"), ("31-2", "二"), ("31-3", "三"), ("31-4", "四"), ("31-5", "五")]
)
def test_a_notice_of_procedure_cites_the_item_of_its_path(path, item):
    cited = LAW.basis("procedure-notice", IN_2022, [Circumstance.DIRECT, Circumstance.OTHER_ORGAN], path=path)
    assert texts(cited) == ["第二十三条第一款", f"第三十一条第{item}项"]
    assert texts(LAW.basis("procedure-notice", IN_2022, path=path, ground="N2")) == [f"第三十一条第{item}项"]


def test_only_path_31_6_runs_the_sixty_days_and_opens_review():
    paths = LAW.regulation_on(IN_2022).paths
    assert sorted(paths) == ["29", "30", "31-1", "31-2", "31-3", "31-4", "31-5", "31-6"]
    assert [code for code, path in paths.items() if path.handling_clock] == ["31-6"]
    assert [code for code, path in paths.items() if path.remedy] == ["31-6"]
    with pytest.raises(RegulationMissing) as refused:
        LAW.basis("procedure-notice", IN_2022, path="31-6")
    assert "第三十一条第六项" in str(refused.value)


def test_the_2005_regulation_knows_no_paths():
    with pytest.raises(RegulationMissing):
        LAW.path("31-6", IN_2005)


@pytest.mark.parametrize(
    ("code", "kind", "new", "old_kind", "old"),
    [
        ("N1", "non-acceptance-notice", ["第十九条第三款"], "non-acceptance-notice", ["第十六条"]),
        ("N2", "procedure-notice", [f"第三十一条第{n}项" for n in "一二三四五"],
         "non-acceptance-notice", ["第十四条第二款", "第二十一条第一款第一项"]),
        ("N3", "procedure-notice", ["第二十条第二款", "第二十二条第二款"],
         "procedure-notice", ["第十五条", "第二十一条第一款第一项"]),
        ("N4", "procedure-notice", ["第二十三条第一款"], "procedure-notice", ["第二十二条第一款"]),
        ("R1", "no-further-acceptance-notice", ["第三十六条第三款"], "no-further-acceptance-notice", ["第三十五条第三款"]),
    ],
)  # fmt: skip
def test_each_ground_leads_to_its_document_with_its_article(code, kind, new, old_kind, old):
    assert (LAW.ground(code, IN_2022).kind, texts(LAW.basis(kind, IN_2022, ground=code))) == (kind, new)
    assert (LAW.ground(code, IN_2005).kind, texts(LAW.basis(old_kind, IN_2005, ground=code))) == (
        old_kind,
        old,
    )
    assert not LAW.ground(code, IN_2022).local


@pytest.mark.parametrize("path", ["", "29", "30", "31-1", "31-6"])
def test_a_ground_keeps_its_article_whatever_path_the_matter_is_on(path):
    for kind, code, article in (
        ("non-acceptance-notice", "N1", "第十九条第三款"),
        ("no-further-acceptance-notice", "R1", "第三十六条第三款"),
        ("procedure-notice", "N4", "第二十三条第一款"),
    ):
        assert texts(LAW.basis(kind, IN_2022, path=path, ground=code)) == [article]


def test_having_petitioned_before_is_no_ground():
    for code in ("重复", "重复信访", "R2", "R3", "R4", ""):
        with pytest.raises(RegulationMissing):
            LAW.ground(code, IN_2022)


def test_a_matter_for_another_procedure_is_not_refused_under_the_2022_regulation():
    with pytest.raises(RegulationMissing) as refused:
        LAW.basis("non-acceptance-notice", IN_2022, ground="N2")
    assert "应当制作处理途径和程序告知书" in str(refused.value)


@pytest.mark.parametrize(
    "kind", ["non-acceptance-notice", "no-further-acceptance-notice", "supervision-letter"]
)
def test_a_document_that_needs_a_ground_says_so(kind):
    with pytest.raises(RegulationMissing, match="须写明"):
        LAW.basis(kind, IN_2022)


def test_supervision_cites_the_finding():
    assert texts(LAW.basis("supervision-letter", IN_2022, supervision="S1")) == ["第四十条第一款"]
    items = [texts(LAW.basis("supervision-slip", IN_2005, supervision=f"S{n}"))[0] for n in range(1, 7)]
    assert items == [f"第三十六条第一款第{n}项" for n in "一二三四五六"]
    with pytest.raises(RegulationMissing):
        LAW.supervision_ground("S7", IN_2005)


def test_a_handling_opinion_must_say_the_four_things_of_article_32():
    (contents,) = LAW.contents("handling-opinion", IN_2022)
    assert contents.parts == ("投诉请求", "事实和理由", "处理意见", "法律法规依据")
    assert contents.basis.text == "《信访工作条例》第三十二条第一款"


def test_the_other_rules_name_their_article_on_each_side_of_may_2022():
    for name, new, old in (
        ("accusation-secrecy", "第三十条第三款", "第二十三条"),
        ("accusation-secrecy-liability", "第四十六条第五项", "第四十四条第一款"),
        ("representatives", "第二十条第三款", "第十八条第二款"),
        ("recusal", "第二十八条第三款", "第三十条"),
        ("review-organ", "第三十五条", "第三十四条"),
    ):
        assert LAW.provision(name, IN_2022).basis.place == new
        assert LAW.provision(name, IN_2005).basis.place == old
    assert LAW.provision("representatives", IN_2022).number == 5


def test_kinds_named_in_the_data_are_kinds_that_cite():
    for regulation in LAW.regulations:
        for entry in (*regulation.grounds.values(), *(p for p in regulation.paths.values() if p.kind)):
            assert entry.kind in regulation.citations, entry
    for profile in LAW.profiles.values():
        assert all(ground.kind in KINDS for ground in profile.grounds.values())


def test_the_places_named_in_notes_and_texts_of_the_national_data_exist():
    named = re.compile(
        r"第[一二三四五六七八九十百]+条(?:第[一二三四五六七八九十]+款)?(?:第[一二三四五六七八九十]+项)?"
    )
    found = 0
    for regulation in LAW.regulations:
        prose = repr(
            [
                regulation.grounds,
                regulation.limits,
                regulation.paths,
                regulation.contents,
                regulation.provisions,
            ]
        )
        for text in named.findall(prose):
            assert regulation.exists(*place(text)), text
            found += 1
    assert found >= 2


def test_the_law_is_the_same_object_for_the_same_folders():
    assert isinstance(LAW, Law)
    assert load_law() == LAW
