"""Documents read against the law by a person: what each of these must say, worked out by hand from the record and the regulation.

The days were counted on a calendar, the articles looked up in the text of the regulations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pytest

from tests.samples.corpus import cases, office
from xfdocs.document.compose import compose
from xfdocs.document.model import Document
from xfdocs.document.words import all_text


@dataclass(frozen=True)
class Expected:
    case: str
    seq: int
    kind: str
    to: tuple[str, ...]
    says: tuple[str, ...]
    never: tuple[str, ...] = field(default=())
    number: str = ""


BY_HAND = (
    # 05·21·2: 15 days after a transfer; 05·33: 60 days from 2019-03-26 (5 in March, 30, then 25 in May).
    Expected(
        "YZ-20190307-0004", 2, "受理告知书", ("陶文澜",),
        ("《信访条例》第二十一条第二款、第三十三条", "自2019年3月26日起受理", "60日", "2019年5月25日", "（云州市信访局于2019年3月14日转送）"),
        ("信访工作条例", "处理意见书", "请求复查"),
        "云建信受字〔2019〕　　号",
    ),
    # 05·33: 30 more days from 05-25 are 06-24; approval by the head of the organ before the first 60 end.
    Expected(
        "YZ-20190307-0004", 3, "延长办理期限告知书", ("陶文澜",),
        ("《信访条例》第三十三条", "原定于2019年5月25日前办结", "延长30日", "2019年6月24日", "负责人于2019年5月17日批准", "检测"),
        ("信访工作条例",),
    ),
    # 05·32·1(一)(二), 05·34; the superior of a municipal bureau is the municipal government.
    Expected(
        "YZ-20190307-0004", 5, "答复意见书", ("陶文澜",),
        ("《信访条例》第三十二条第一款第一项、第二项", "1.关于第一项请求，根据《建设工程质量管理条例》第四十条、第四十一条", "予以支持",
         "2019年8月31日前执行完毕", "2.关于第二项请求", "缺乏法律依据", "自收到本答复意见书之日起30日内，依照《信访条例》第三十四条，向云州市人民政府书面请求复查"),
        ("信访工作条例", "处理意见书"),
    ),
    # 05·14·2 and 05·21·1(一): an arbitrable dispute was refused then, and the way named.
    Expected(
        "YZ-20210309-0010", 1, "不予受理告知书", ("舒畅",),
        ("《信访条例》第十四条第二款、第二十一条第一款第一项", "不予受理", "诉讼、仲裁、行政复议等法定途径", "向云州市劳动人事争议仲裁委员会提出"),
        ("重复信访", "请求复查", "信访工作条例"),
    ),
    # 36·3 of 2022; the recheck it rests on is named; 37·2: help for those in need.
    Expected(
        "YZ-20240913-0007", 1, "不再受理告知书", ("简从容",),
        ("《信访工作条例》第三十六条第三款", "江北省人民政府于2024年5月20日作出复核意见（江政信复核字〔2024〕9号）", "不再受理", "社会救助"),
        ("请求复查", "不予受理"),
    ),
    # 19·3 of 2022: the superior refuses while the office below is within its 60 days (05-11 → 07-10).
    Expected(
        "YZ-20260519-0029", 1, "不予受理告知书", ("居文安",),
        ("《信访工作条例》第十九条第三款", "云州市青溪区石桥镇人民政府", "SQ-20260506-0003", "2026年7月10日"),
        ("第十六条",),
    ),
    # 31(二): labour disputes go to arbitration; 23·3 because it was transferred.
    Expected(
        "YZ-20260907-0031", 2, "处理途径和程序告知书", ("邵文涛",),
        ("《信访工作条例》第二十三条第三款、第三十一条第二项", "劳动争议仲裁", "《中华人民共和国劳动争议调解仲裁法》", "向云州市劳动人事争议仲裁委员会提出", "（2026年版）"),
        ("受理之日", "请求复查"),
    ),
    # 31(一) for a visitor to the 信访部门: 22·2 释法明理, not 23.
    Expected(
        "YZ-20260908-0002", 1, "处理途径和程序告知书", ("易书华等2人",),
        ("《信访工作条例》第二十二条第二款、第三十一条第一项", "刑事立案程序", "请你们依照《中华人民共和国刑事诉讼法》"),
        ("第二十三条",),
    ),
    # 23·1: an organ that sends a matter down tells the petitioner where; 31(六) stays to the organ below.
    Expected(
        "YZ-20260609-0007", 2, "转送（交办）去向告知书", ("蒋䶮",),
        ("《信访工作条例》第二十三条第一款", "云州市青溪区教育局", "2026年6月12日转送", "15日内书面告知您"),
        ("第二十二条", "受理之日"),
    ),
    # 22·2, 30·3: abstract only, to the discipline organ, without name, address or telephone.
    Expected(
        "YZ-20260713-0006", 1, "转送函", ("云州市青溪区纪律检查委员会",),
        ("《信访工作条例》第二十二条第二款、第三十条第三款", "检举控告", "不得将检举、揭发材料以及有关情况透露或者转给被检举、揭发的人员或者单位"),
        ("第一款", "15日", "5个工作日", "住址：", "联系电话："),
    ),
    # 22·1(三): a group of 23 through five representatives; named day, report, and 23·3 for the receiver.
    Expected(
        "YZ-20260803-0003", 1, "交办函", ("云州市青溪区人民政府",),
        ("吴保田等23人", "《信访工作条例》第二十二条第一款第三项", "请于2026年11月30日前办结", "办结报告", "15日内书面告知信访人", "5个工作日内提出异议"),
    ),
    # 34: 60 days from 2026-08-18 are 10-17, thirty more are 11-16.
    Expected(
        "YZ-20260803-0003", 4, "延长办理期限告知书", ("吴保田等23人",),
        ("2026年10月17日", "延长30日", "2026年11月16日", "《信访工作条例》第三十四条", "你们"),
        ("您",),
    ),
    # 40·1: found, demanded, advised, by a day; S1 and S2 both stand under the first paragraph, cited once.
    Expected(
        "YZ-20260622-0017", 5, "督办函", ("云州市青溪区人民政府",),
        ("云信交字〔2026〕21号", "2026年9月6日前办结", "根据《信访工作条例》第四十条第一款的规定", "改进工作的建议", "请于2026年11月13日前向本机关书面反馈"),
        ("第四十条第一款、第四十条第一款",),
    ),
    # 35: the superior of a sub-district office is the district government; three claims, three conclusions.
    Expected(
        "YZ-20260706-0012", 4, "处理意见书", (),
        ("《信访工作条例》第三十一条第六项、第三十二条第一款第一项、第三项", "1.关于第一项请求", "2.关于第二项请求", "3.关于第三项请求",
         "对该部分予以支持", "不予支持", "依照《信访工作条例》第三十五条"),
        ("第二项、第三项",),
    ),
)  # fmt: skip


@cache
def made(case: str, seq: int, kind: str) -> Document:
    record = next(c for c in cases() if c.id == case)
    return compose(kind, record, office(), event=next(e for e in record.events if e.seq == seq))


@pytest.mark.parametrize("expected", BY_HAND, ids=lambda e: f"{e.case}-{e.seq}-{e.kind}")
def test_read_against_the_law(expected: Expected):
    document = made(expected.case, expected.seq, expected.kind)
    said = all_text(document)
    for words in expected.says:
        assert words in said
    for words in expected.never:
        assert words not in said
    if expected.to:
        assert document.addressees == expected.to
    if expected.number:
        assert document.number == expected.number
