"""A local rule stands beside the national one, never in its place; bad data are refused with a reason."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from xfdocs.errors import CalendarMissing, LawDataInvalid, RegulationMissing
from xfdocs.resources import shipped
from xfdocs.rules import Standing, Start, Unit, load_calendar, load_law

CALENDAR = load_calendar()
LAW = load_law()
DAY = date(2026, 3, 5)
PROVINCES = ["zhejiang", "henan", "shandong", "beijing", "shanghai"]
OFFICES = ["audit", "college", "drug-administration"]


def run(profile, clock, start, begun=DAY, case="", **kwargs):
    return load_law(profile=profile).clock(clock, begun, case).run({start: begun}, CALENDAR, **kwargs)


def test_the_profiles_shipped_are_those_of_the_five_places_and_the_seeds():
    assert sorted(LAW.profiles) == sorted(PROVINCES + OFFICES)


@pytest.mark.parametrize(
    ("name", "found"),
    [("浙江", "zhejiang"), ("zhejiang", "zhejiang"), ("全国", "national"), ("", "national")],
)
def test_a_profile_is_called_by_its_id_or_its_chinese_name(name, found):
    assert load_law(profile=name).profile == found


def test_an_unknown_profile_is_refused_with_those_there_are():
    with pytest.raises(RegulationMissing) as missing:
        load_law(profile="云州")
    assert "zhejiang（浙江）" in str(missing.value)


def test_nobody_has_checked_whether_a_local_rule_is_still_in_force_and_the_data_say_so():
    for profile in LAW.profiles.values():
        assert not profile.in_force_checked
        assert "没有核对" in profile.note
        for rule in (*profile.limits.values(), *profile.provisions.values()):
            assert rule.source, rule
            assert rule.verified is (profile.id in PROVINCES), rule
            assert (rule.basis is not None) is (profile.id in PROVINCES), rule


def test_without_a_profile_only_the_national_clock_runs():
    clock = LAW.clock("handling", DAY)
    counted = clock.run({Start.ACCEPTED: DAY}, CALENDAR)
    assert clock.local is None
    assert counted.standing is Standing.ALONE
    assert counted.planning == counted.national


def test_a_shorter_local_limit_is_a_promise_and_the_planning_date():
    counted = run("浙江", "handling", Start.ACCEPTED)
    assert counted.standing is Standing.SHORTER
    assert counted.planning == counted.local
    assert counted.local.due == date(2026, 4, 4)
    assert counted.national.due == date(2026, 5, 4)


def test_a_longer_local_limit_never_hides_the_national_one():
    counted = run("浙江", "extension", Start.HANDLING_DUE)
    assert counted.local.length == 60
    assert counted.national.length == 30
    assert counted.standing is Standing.LONGER
    assert counted.planning == counted.national


def test_ninety_days_for_important_matters_leave_the_sixty_in_place():
    counted = run("审计局", "handling", Start.RECEIVED, case="重要信访问题")
    assert counted.local.length == 90
    assert counted.national is None, "not accepted yet: the 60 days have not begun"
    clock = load_law(profile="审计局").clock("handling", DAY, "重要信访问题")
    both = clock.run({Start.RECEIVED: DAY, Start.ACCEPTED: date(2026, 3, 10)}, CALENDAR)
    assert both.standing is Standing.LONGER
    assert both.planning.due == date(2026, 5, 9)


def test_the_same_limit_in_another_unit_is_compared_by_its_end():
    counted = run("浙江", "notice", Start.RECEIVED, date(2026, 2, 10))
    assert counted.local.unit is Unit.WORKDAYS
    assert counted.local.due == date(2026, 2, 24)
    assert counted.national.due == date(2026, 2, 25)
    assert counted.standing is Standing.SHORTER
    later = run("浙江", "notice", Start.RECEIVED, date(2026, 2, 13))
    assert later.standing is Standing.SHORTER


def test_five_working_days_over_the_spring_festival_can_outlast_five_days_of_henan():
    counted = run("河南", "objection", Start.REFERRED, date(2026, 2, 10))
    assert (counted.local.due, counted.national.due) == (date(2026, 2, 15), date(2026, 2, 24))


def test_a_clock_that_has_not_begun_does_not_run():
    assert LAW.clock("handling", DAY).run({Start.RECEIVED: DAY}, CALENDAR) is None


def test_feedback_has_no_length_of_its_own_but_a_locality_may_give_it_one():
    assert LAW.clock("feedback", DAY).run({Start.ASSIGNED: DAY}, CALENDAR) is None
    assert run("河南", "feedback", Start.ASSIGNED).planning.due == date(2026, 6, 3)


def test_three_months_of_the_jiqun_letter_end_on_the_corresponding_day():
    assert load_law(profile="audit").cases("feedback", DAY) == ("纪群字函",)
    counted = run("audit", "feedback", Start.ASSIGNED, case="纪群字函")
    assert counted.local.unit is Unit.MONTHS
    assert counted.planning.due == date(2026, 6, 5)


def test_a_case_the_local_rules_do_not_know_is_refused():
    with pytest.raises(RegulationMissing):
        LAW.clock("handling", DAY, "重要信访问题")


def test_a_hearing_stops_the_recheck_only():
    hearing = [date(2026, 3, 20), date(2026, 3, 21)]
    recheck = LAW.clock("recheck", DAY).run({Start.RECHECK_REQUESTED: DAY}, CALENDAR, hearing)
    review = LAW.clock("review", DAY).run({Start.REVIEW_REQUESTED: DAY}, CALENDAR, hearing)
    assert recheck.planning.due == date(2026, 4, 6)
    assert recheck.planning.excluded == tuple(hearing)
    assert review.planning.due == date(2026, 4, 4)


def test_objection_under_the_2005_regulation_exists_in_beijing_only():
    then = date(2018, 3, 5)
    with pytest.raises(RegulationMissing):
        LAW.clock("objection", then)
    clock = load_law(profile="北京").clock("objection", then)
    assert clock.national is None
    assert clock.local.basis.text == "《北京市信访条例》第三十五条第二项"


def test_local_rules_do_not_reach_back_before_they_took_effect():
    law = load_law(profile="浙江")
    assert law.clock("notice", date(2016, 7, 31)).local is None
    assert law.clock("notice", date(2016, 8, 1)).local is not None


def test_local_clocks_without_a_national_one_are_listed_too():
    ids = [clock.id for clock in load_law(profile="山东").clocks(DAY)]
    assert "review-decision" in ids
    assert "recheck-decision" in ids
    assert "handling" in ids
    assert len(ids) == len(set(ids))
    assert "suggestion-feedback" not in [clock.id for clock in LAW.clocks(DAY)]
    assert "suggestion-feedback" in [clock.id for clock in load_law(profile="上海").clocks(DAY)]


def test_a_local_working_day_limit_into_2027_is_refused_while_the_national_one_is_still_told():
    clock = load_law(profile="浙江").clock("notice", date(2026, 12, 28))
    with pytest.raises(CalendarMissing):
        clock.run({Start.RECEIVED: date(2026, 12, 28)}, CALENDAR)
    assert clock.national.run(date(2026, 12, 28), CALENDAR).due == date(2027, 1, 12)


@pytest.mark.parametrize(
    ("profile", "clock", "length", "unit", "place"),
    [
        ("浙江", "notice-after-transfer", 5, Unit.WORKDAYS, "第二十条第二款"),
        ("浙江", "handling", 30, Unit.DAYS, "第二十三条第一款"),
        ("河南", "disposition", 5, Unit.DAYS, "第二十六条第二款第一项"),
        ("河南", "objection", 5, Unit.DAYS, "第二十六条第二款第五项"),
        ("河南", "review", 30, Unit.DAYS, "第二十七条第一项"),
        ("山东", "review-decision", 3, Unit.WORKDAYS, "第四十三条第一款"),
        ("山东", "recheck-decision", 3, Unit.WORKDAYS, "第四十四条第一款"),
        ("北京", "objection", 5, Unit.WORKDAYS, "第三十五条第二项"),
        ("北京", "recheck-extension", 30, Unit.DAYS, "第五十条第四款"),
        ("上海", "suggestion-feedback", 30, Unit.DAYS, "第四十一条第二款"),
    ],
)
def test_what_the_local_regulations_add(profile, clock, length, unit, place):
    rule = load_law(profile=profile).clock(clock, DAY).local
    assert (rule.length, rule.unit, rule.basis.place) == (length, unit, place)


@pytest.mark.parametrize(
    ("profile", "code", "kind"),
    [
        ("浙江", "R2", "no-further-acceptance-notice"),
        ("浙江", "R3", "no-further-acceptance-notice"),
        ("山东", "R2", "no-further-acceptance-notice"),
        ("山东", "R3", "no-further-acceptance-notice"),
        ("北京", "R2", "non-acceptance-notice"),  # its article 37 says 不予受理
        ("上海", "R4", "no-further-acceptance-notice"),
    ],
)
def test_local_grounds_exist_under_their_profile_only(profile, code, kind):
    law = load_law(profile=profile)
    ground = law.ground(code, DAY)
    assert ground.local
    assert ground.kind == kind
    assert law.basis(kind, DAY, ground=code) == ground.basis
    with pytest.raises(RegulationMissing):
        LAW.ground(code, DAY)


@pytest.mark.parametrize(
    ("profile", "parts"), [("山东", 4), ("北京", 5), ("上海", 4), ("浙江", None), ("全国", None)]
)
def test_local_contents_of_an_opinion_are_added_to_the_national_ones(profile, parts):
    contents = load_law(profile=profile).contents("handling-opinion", DAY)
    assert [len(c.parts) for c in contents] == [4, *([parts] if parts else [])]


def test_a_locality_may_name_another_organ_for_review():
    assert (
        load_law(profile="河南").provision("review-organ", DAY).text == "原承办机关或者原承办机关的上一级机关"
    )
    assert load_law(profile="浙江").provision("review-organ", DAY) == LAW.provision("review-organ", DAY)


def test_a_law_goes_to_another_process_unchanged():
    law = load_law(profile="浙江")
    assert pickle.loads(pickle.dumps(law)) == law
    assert hash(pickle.loads(pickle.dumps(law))) == hash(law)


# --- an office's own data ---------------------------------------------------------------------------------

OWN = """
id = "yunzhou"
name = "云州"
title = "云州市信访工作规则"
issuer = "云州市"
source = "云州市信访工作规则"
verified = true
in_force_checked = true
effective = 2024-01-01
[article]
1 = { items = [2, 0] }
[limit.handling]
name = "办理期限"
length = 45
unit = "日"
start = "受理"
actor = "承办机关、单位"
basis = "第一条第一款第二项"
"""


def office_with(tmp_path, name, text):
    folder = tmp_path / "regulations" / "local"
    folder.mkdir(parents=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return (tmp_path,)


def test_an_office_adds_its_own_rules(tmp_path):
    law = load_law(office_with(tmp_path, "yunzhou", OWN), "云州")
    rule = law.clock("handling", DAY).local
    assert rule.basis.text == "《云州市信访工作规则》第一条第一款第二项"
    assert rule.source == "云州市信访工作规则"
    assert law.clock("handling", date(2023, 12, 31)).local is None
    assert "yunzhou" not in LAW.profiles


def test_an_office_replaces_a_shipped_profile_whole(tmp_path):
    law = load_law(office_with(tmp_path, "zhejiang", OWN.replace('"yunzhou"', '"zhejiang"')), "zhejiang")
    assert law.local.name == "云州"
    assert list(law.local.limits) == ["handling"]


def test_an_office_replaces_a_national_regulation(tmp_path):
    (tmp_path / "regulations").mkdir()
    text = shipped("schemas", "regulations", "2022.toml").read_text(encoding="utf-8")
    (tmp_path / "regulations" / "2022.toml").write_text(
        text.replace("length = 60", "length = 50"), encoding="utf-8"
    )
    assert load_law((tmp_path,)).clock("handling", DAY).national.length == 50
    assert LAW.clock("handling", DAY).national.length == 60


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "云州"', 'name = "云州"\ncolour = "red"', "不认识的项目：colour"),
        ("length = 45", "length = 45\nlenght = 45", "[limit.handling] 有不认识的项目：lenght"),
        ("[article]", "[artcle]", "不存在|没有这一条|不认识"),
        ("第一条第一款第二项", "第一条第一款第三项", "没有这一条、款、项"),
        ("第一条第一款第二项", "第一条第二项", "没有写明是第几款"),
        ("第一条第一款第二项", "1·1", "不是条款的写法"),
        ('"日"', '"天"', "unit 应为“日”"),
        ('"受理"', '"立案"', "start 应为"),
        ('"承办机关、单位"', '"大家"', "actor 应为"),
        ("length = 45", "length = 0", "正整数"),
        ("length = 45", "length = true", "length 应为整数"),
        ("effective = 2024-01-01", 'effective = "2024"', "effective 应为日期"),
        ("effective = 2024-01-01", "effective = 2024-01-01T00:00:00", "effective 应为日期"),
        ('issuer = "云州市"\n', "", "缺少 issuer"),
        ("[2, 0]", "[2, -1]", "items 应为整数的列表"),
        ("[2, 0]", "[]", "items 应写明"),
        ("1 = {", "甲 = {", "不是|应为正整数|TOML"),
        ('"yunzhou"', '"yunzho"', "应与文件名相同"),
        ("[limit.handling]", '[limit.fast]\nof = "handling"', "of 和 when 应当同时写明"),
        ("[limit.handling]", '[limit.fast]\nof = "handlng"\nwhen = "急件"', "handlng 不存在"),
        ("[limit.handling]", "[[limit]]", "limit 应为表"),
        (
            "effective = 2024-01-01",
            "effective = 2024-01-01\nended = { date = 2023-01-01, verified = true }",
            "不晚于",
        ),
        ("[article]", "[article", "TOML"),
    ],
)
def test_a_mistake_in_an_offices_rules_is_refused_with_its_place(tmp_path, old, new, says):
    assert old in OWN
    with pytest.raises(LawDataInvalid) as refused:
        load_law(office_with(tmp_path, "yunzhou", OWN.replace(old, new, 1)))
    assert any(part in str(refused.value) for part in says.split("|")), refused.value
    assert "yunzhou.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("addition", "says"),
    [
        ('[citation.x]\ntitle = "x"\nby = ["mood"]', "by 应取自"),
        (
            '[citation.x]\ntitle = "x"\nwhen = [{ circumstances = ["下雨"], basis = [] }]',
            "circumstances 应取自",
        ),
        (
            '[citation.x]\ntitle = "x"\nwhen = [{ circumstances = ["本级"], basis = [], mood = 1 }]',
            "不认识的项目：mood",
        ),
        ('[citation.x]\ntitle = "x"\nwhen = ["本级"]', "应为表"),
        ('[ground.Z]\ntitle = "x"\ntext = "x"\nkind = "x"\nbasis = ["第九条"]', "没有这一条"),
        ('[contents.x]\nparts = [1]\nbasis = "第一条第一款"', "parts 应为文字的列表"),
        ('[provision.x]\nname = "x"\ntext = "x"\nnumber = "五"', "number 应为整数"),
    ],
)
def test_every_section_is_read_strictly(tmp_path, addition, says):
    with pytest.raises(LawDataInvalid) as refused:
        load_law(office_with(tmp_path, "yunzhou", OWN + addition))
    assert says in str(refused.value)


def test_a_national_limit_must_name_its_article(tmp_path):
    (tmp_path / "regulations").mkdir()
    text = shipped("schemas", "regulations", "2022.toml").read_text(encoding="utf-8")
    (tmp_path / "regulations" / "2022.toml").write_text(
        text.replace('basis = "第二十三条第二款"\n', "", 1), encoding="utf-8"
    )
    with pytest.raises(LawDataInvalid, match=r"\[limit\.notice\] 缺少 basis"):
        load_law((tmp_path,))
