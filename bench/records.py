"""Any number of plausible case records of the sample office, the same for the same seed, fast.

    python -m bench.records 10000 out/cases --seed 7

People, places and matters are invented; numbers keep to the rule of the samples (990000, 1990000xxxx).
Records come out exactly as `xfdocs.record.writer` writes them, and validation accepts them; most are
in time, and some are late or still open, as in an office.  Text is put together by hand because the point is speed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice, takewhile
from pathlib import Path

from xfdocs.rules import load_calendar

FIRST, LAST = date(2023, 1, 3), date(2026, 10, 30)
"""Days on which generated matters arrive."""
SEEN = date(2026, 11, 20)
"""Nothing is recorded that happened later."""
BUREAU, CITY = "云州市信访局", "云州市人民政府"
_HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<信访事项 xmlns=\"urn:xfdocs:case:1\" 编号=\"{id}\">\n"


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody may petition about, and what the organ finds."""

    sector: str
    organ: str
    handler: str
    path: str
    subject: str
    """With ``{place}``."""
    request: str
    facts: str
    findings: str = ""
    basis: str = ""
    provision: str = ""
    executor: str = ""
    procedure: str = ""


WATER, HOUSING, LABOUR = "云州市水务局", "云州市住房和城乡建设局", "云州市人力资源和社会保障局"
ROADS, SCHOOLS, CARE = "云州市交通运输局", "云州市教育局", "云州市医疗保障局"
MARKET, LAND = "云州市市场监督管理局", "云州市自然资源和规划局"
TOPICS = (
    Topic(
        "水务",
        WATER,
        "傅晓岚",
        "31-6",
        "{place}用水高峰水压不足问题",
        "请求解决{place}用水高峰水压不足的问题。",
        "{place}四楼以上住户早晚用水高峰水流很小，已经持续{n}个月，多次反映没有改善。",
        "工作人员到{place}现场测量，用水高峰四楼以上出水压力为0.0{n}兆帕，低于规定标准，原因是水泵停用待修。以上事实有测量记录和检修记录证实。",
        "云州市城市供水管理办法",
        "第十二条第一款",
        "云州市自来水有限公司",
    ),
    Topic(
        "城乡建设",
        HOUSING,
        "宋知夏",
        "31-6",
        "{place}外墙渗漏维修问题",
        "请求明确{place}外墙渗漏的维修责任并尽快维修。",
        "{place}外墙渗水，{n}户家中墙面发霉，物业服务企业说要动用维修资金，一直没有维修。",
        "{place}外墙渗漏涉及{n}户，外墙防水已过保修期，维修资金账户余额可以支付。以上事实有现场照片和账户记录证实。",
        "云州市住宅专项维修资金管理办法",
        "第十八条",
        "云州市青溪区住房和城乡建设局",
    ),
    Topic(
        "劳动社保",
        LABOUR,
        "石佳宁",
        "31-6",
        "{place}退休人员养老待遇核定问题",
        "请求补记{n}个月的缴费年限并重新核定养老待遇。",
        "我在{place}的企业工作时缴过养老保险，退休核定时少计{n}个月。",
        "缴费花名册载明您有{n}个月缴费没有录入系统，原因是录入时姓名有误。以上事实有花名册和系统记录证实。",
        "云州市城镇企业职工养老保险经办规程",
        "第二十二条",
        "云州市社会保险事业管理中心",
    ),
    Topic(
        "交通运输",
        ROADS,
        "邢一帆",
        "31-6",
        "{place}公交站点设置问题",
        "请求在{place}附近增设公交站点。",
        "{place}入住{n}百多户，最近的公交站步行要二十分钟。",
        "{place}周边500米没有公交站点，道路条件符合设站要求。以上事实有现场勘查记录和客流调查报告证实。",
        "云州市城市公共交通管理办法",
        "第十七条",
        ROADS,
    ),
    Topic(
        "卫生医保",
        CARE,
        "冷月",
        "31-6",
        "{place}居民异地住院报销问题",
        "请求按已备案的比例重新报销住院费用。",
        "家人在外地急诊住院{n}天，出院前补办了备案，结算仍按未备案扣减。家住{place}。",
        "您的家人属于急诊入院，已在出院前补办备案，结算时系统没有更新。以上事实有急诊病历和备案记录证实。",
        "云州市基本医疗保险异地就医管理办法",
        "第十条",
        "云州市医疗保障基金管理中心",
    ),
    Topic(
        "教育",
        SCHOOLS,
        "谷雨眠",
        "31-6",
        "{place}适龄儿童入学划片问题",
        "请求按就近原则安排{place}的孩子入学。",
        "{place}到学区小学要走{n}0分钟，中间过两条大路。",
        "{place}属于今年新调整的片区，相邻学校尚有空余学位{n}个。以上事实有招生方案和学位统计证实。",
        "云州市义务教育招生工作方案",
        "第五条",
        SCHOOLS,
    ),
    Topic(
        "国土资源",
        LAND,
        "柯正元",
        "31-6",
        "{place}宅基地登记面积问题",
        "请求查明换证时宅基地面积减少的原因。",
        "2019年换发新证，{place}的宅基地面积少了{n}平方米，没有告知过我。",
        "换证时测绘采用墙体内侧尺寸，与老证口径不同，相差{n}平方米。以上事实有测绘档案和登记簿证实。",
        "云州市农村宅基地管理办法",
        "第九条",
        "云州市不动产登记中心",
    ),
    Topic(
        "劳动社保",
        LABOUR,
        "石佳宁",
        "31-2",
        "{place}某企业解除劳动合同补偿问题",
        "请求企业支付解除劳动合同的经济补偿。",
        "我在{place}的一家企业工作{n}年，被口头通知离职，没有补偿。",
        procedure="劳动争议仲裁",
        basis="中华人民共和国劳动争议调解仲裁法",
        provision="第二条、第五条",
        executor="云州市劳动人事争议仲裁委员会",
    ),
    Topic(
        "市场监管",
        MARKET,
        "骆天晴",
        "31-5",
        "{place}商店标价与结算价不一致问题",
        "请求查处商店标价与结算价不一致的行为并退还多收的钱。",
        "在{place}附近的商店购物，标价和结算价相差{n}元。",
        procedure="市场监督管理投诉举报查处程序",
        basis="中华人民共和国价格法",
        provision="第十四条",
        executor=MARKET,
    ),
    Topic(
        "交通运输",
        ROADS,
        "邢一帆",
        "29",
        "{place}公交线路调整的建议",
        "建议公交线路经过{place}，早晚高峰加密班次。",
        "{place}居民早高峰候车要等{n}班车以后才能挤上。",
        procedure="建议意见研究论证",
        basis="信访工作条例",
        provision="第二十九条第一款",
        executor=ROADS,
    ),
    Topic(
        "纪检监察",
        "云州市青溪区纪律检查委员会",
        "",
        "30",
        "村级工程管理问题",
        "请求查处村级工程中的违纪行为。",
        "反映某村{n}年前的道路工程没有公开招标，验收面积与实际不符。",
    ),
)
WEIGHTS = (14, 13, 12, 10, 10, 8, 7, 9, 9, 5, 3)
SURNAMES = "丁万丛严乔任何余佟侯俞傅关兰冯冷凌包卜卢危史叶司吕吴周唐喻倪夏姚孔孙孟宋尹岑崔左幸庄应廖张彭徐戚戴房施曲朱李杜杨林柏柳柴梁梅欧毛汤汪沈沙洪浦温滕潘焦熊牛狄甘田申白皮盛盖石祁祖祝秦穆窦章童符简管米纪罗翁翟聂胡臧舒艾芮苏苗范荀莫葛董蒋蒲蓝蔡薛袁裴覃解许谈谢谭费贝贾赖赵路车辛邓邢邱邵郝郭郑都钟钱阎陆陈陶雷霍靳韦韩韶顾项饶骆高魏鲍鲁麦黄黎龙龚"
GIVEN = "安宁文静明慧立春秋实嘉佑淑珍桂兰国栋建平志远海涛雨晴晓岚思齐书瑶长庚玉清一鸣子墨若谷素梅德厚青山万里小满知行乐天"
PLACES = tuple(
    f"{a}{b}"
    for a in (
        "云河",
        "望江",
        "锦绣",
        "翠屏",
        "清泉",
        "白鹭",
        "梧桐",
        "荷塘",
        "安居",
        "春晓",
        "临江",
        "文兴",
        "工人",
    )
    for b in ("花园", "小区", "新村", "苑", "里", "家园", "街")
)
CHANNELS = ("来信", "来访", "网上", "来电", "传真")
CHANNEL_WEIGHTS = (30, 22, 38, 9, 1)


@dataclass(slots=True)
class _Days:
    """The working days, and the texts of all days."""

    work: list[date] = field(default_factory=list)

    def __post_init__(self) -> None:
        calendar = load_calendar()
        day, end = FIRST, date(2026, 12, 31)
        while day <= end:
            if calendar.is_workday(day):
                self.work.append(day)
            day += timedelta(days=1)


class _Maker:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.days = _Days().work
        self.text = [day.isoformat() for day in self.days]
        self.last = next(i for i, day in enumerate(self.days) if day > LAST)
        self.seen = next(i for i, day in enumerate(self.days) if day > SEEN)

    def name(self) -> str:
        rng = self.rng
        given = rng.randrange(len(GIVEN) - 1)
        return rng.choice(SURNAMES) + GIVEN[given : given + rng.choice((1, 2, 2))]

    def record(self, number: int) -> tuple[str, str, str]:
        """Folder, file name and text of one record."""
        rng = self.rng
        at = rng.randrange(self.last)
        received = self.text[at]
        case = f"YZ-{received.replace('-', '')}-{number:05d}"
        topic = rng.choices(TOPICS, WEIGHTS)[0]
        channel = "来信" if topic.path == "30" else rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
        place = rng.choice(PLACES)
        n = rng.randrange(2, 9)
        parts = [_HEAD.format(id=case), self.registration(topic, channel, at, place)]
        people = [] if topic.path == "30" and rng.random() < 0.5 else self.people(channel, place, number)
        parts += people
        if channel == "来访":
            parts.append(f"  <人数>\n    <来访人数>{len(people)}</来访人数>\n  </人数>\n")
        parts.append(self.claim(topic, place, n))
        if topic.path == "30":
            parts.append("  <保密>\n    <检举控告保护>true</检举控告保护>\n  </保密>\n")
        events = "".join(
            text
            for day, text in takewhile(lambda e: e[0] < self.seen, self.events(topic, at, place, n, people))
        )
        if events:
            parts.append(f"  <办理>\n{events}  </办理>\n")
        parts.append("</信访事项>\n")
        return received[:7], f"{case}.xml", "".join(parts)

    def registration(self, topic: Topic, channel: str, at: int, place: str) -> str:
        received = self.text[at]
        again = "重复" if self.rng.random() < 0.08 else "初次"
        related = "    <关联编号>YZ-20221018-0009</关联编号>\n" if again == "重复" else ""
        oral = (
            "    <口头记录>\n      <记录人>丁晓禾</记录人>\n      <核对>已核对签名</核对>\n    </口头记录>\n"
            if channel in {"来访", "来电"}
            else ""
        )
        return (
            f"  <登记>\n    <形式>{channel}</形式>\n    <收到日期>{received}</收到日期>\n    <登记日期>{received}</登记日期>\n"
            f"    <登记机关>{BUREAU}</登记机关>\n    <登记人>丁晓禾</登记人>\n"
            f"    <事由>{topic.subject.format(place=place)}</事由>\n    <初次重复>{again}</初次重复>\n{related}{oral}  </登记>\n"
        )

    def people(self, channel: str, place: str, number: int) -> list[str]:
        count = self.rng.choice((1, 1, 1, 1, 1, 1, 2, 3, 5))
        several = count > 1 and channel == "来访"
        found = []
        for i in range(count):
            call = f"    <联系电话>1990000{(number * 7 + i) % 10_000:04d}</联系电话>\n" if i == 0 else ""
            attribute = ' 代表="true"' if several else ""
            found.append(
                f"  <信访人{attribute}>\n    <类别>公民</类别>\n    <姓名>{self.name()}</姓名>\n"
                f"    <住址>云州市青溪区{place}{self.rng.randrange(1, 20)}号</住址>\n{call}  </信访人>\n"
            )
        return found

    def claim(self, topic: Topic, place: str, n: int) -> str:
        purpose = {"29": "建议意见", "30": "检举控告"}.get(topic.path, "申诉求决")
        return (
            f'  <诉求 序号="1">\n    <目的>{purpose}</目的>\n    <办理路径>{topic.path}</办理路径>\n    <内容分类>{topic.sector}</内容分类>\n'
            f"    <属地>990000</属地>\n    <请求>{topic.request.format(place=place, n=n)}</请求>\n"
            f"    <事实>{topic.facts.format(place=place, n=n)}</事实>\n  </诉求>\n"
        )

    def events(
        self, topic: Topic, at: int, place: str, n: int, people: list[str]
    ) -> Iterator[tuple[int, str]]:
        """From nothing yet to closure, as far as the matter has come."""
        rng = self.rng
        far = rng.random() if at > self.last - 45 else 1.0  # what is old has been dealt with
        if far < 0.1:
            return
        sent = at + rng.randrange(1, 7)
        received = sent + rng.randrange(0, 2)
        material = (
            "      <材料>摘要</材料>\n      <摘要>反映某村道路工程招标和验收问题，线索涉及合同和验收单。</摘要>\n"
            if topic.path == "30"
            else "      <材料>复印件</材料>\n"
        )
        yield (
            sent,
            (
                f'    <转送 序="1" 日期="{self.text[sent]}" 经办人="丁晓禾">\n      <去向>\n        <机关>{topic.organ}</机关>\n'
                f"        <主协>主办</主协>\n        <收到日期>{self.text[received]}</收到日期>\n      </去向>\n"
                f"{material}    </转送>\n"
            ),
        )
        if topic.path == "30" or far < 0.2:
            return
        told = received + rng.randrange(2, 9)
        handler = f'机关="{topic.organ}" 经办人="{topic.handler}"'
        if topic.path == "31-6":
            yield (
                told,
                f'    <受理 序="2" 日期="{self.text[told]}" {handler}>\n      <责任人>{topic.handler}</责任人>\n    </受理>\n',
            )
            if far < 0.45:
                return
            yield from self.answered(topic, told, place, n, people, handler)
        else:
            yield from self.guided(topic, told, people, handler)

    def guided(self, topic: Topic, told: int, people: list[str], handler: str) -> Iterator[tuple[int, str]]:
        yield (
            told,
            (
                f'    <告知 序="2" 日期="{self.text[told]}" {handler}>\n      <方式>书面</方式>\n      <途径程序>\n'
                f"        <途径>{topic.procedure}</途径>\n        <机关>{topic.executor}</机关>\n        <依据>\n"
                f"          <名称>{topic.basis}</名称>\n          <条款>{topic.provision}</条款>\n        </依据>\n"
                f"        <清单版本>2026年版</清单版本>\n      </途径程序>\n    </告知>\n"
            ),
        )
        yield told + 3, self.served(3, told, 2, people, handler)

    def answered(
        self, topic: Topic, told: int, place: str, n: int, people: list[str], handler: str
    ) -> Iterator[tuple[int, str]]:
        rng = self.rng
        done = told + rng.randrange(14, 39)
        if done + 30 >= len(self.text):
            return
        conclusion = rng.choices(("支持", "部分支持", "解释说明", "不支持"), (60, 12, 13, 15))[0]
        supported = conclusion in {"支持", "部分支持"}
        executor = (
            f"        <执行单位>{topic.executor}</执行单位>\n        <执行期限>{self.text[done + 25]}</执行期限>\n"
            if supported
            else ""
        )
        grounds = (
            f"        <依据>\n          <名称>{topic.basis}</名称>\n          <条款>{topic.provision}</条款>\n        </依据>\n"
            if conclusion != "解释说明"
            else ""
        )
        yield (
            done,
            (
                f'    <答复 序="3" 日期="{self.text[done]}" {handler}>\n      <种类>处理意见</种类>\n      <意见 诉求="1">\n'
                f"        <认定>{topic.findings.format(place=place, n=n)}</认定>\n        <结论>{conclusion}</结论>\n{grounds}"
                f"        <说明>{_SAID[conclusion]}</说明>\n{executor}      </意见>\n      <复查机关>{CITY}</复查机关>\n      <签发人>郑立春</签发人>\n    </答复>\n"
            ),
        )
        yield done + 3, self.served(4, done, 3, people, handler)
        number = 5
        if supported:
            yield (
                done + 20,
                (
                    f'    <执行 序="{number}" 日期="{self.text[done + 20]}" {handler} 事件="3">\n      <单位>{topic.executor}</单位>\n'
                    f"      <内容>已按处理意见执行完毕。</内容>\n    </执行>\n"
                ),
            )
            number += 1
        if rng.random() < 0.7:
            rating = rng.choice(("满意", "满意", "基本满意", "不满意"))
            yield (
                done + 22,
                (
                    f'    <评价 序="{number}" 日期="{self.text[done + 22]}">\n      <对象>责任单位</对象>\n'
                    f"      <结果>{rating}</结果>\n    </评价>\n"
                ),
            )
            number += 1
        if rng.random() < 0.9:
            yield (
                done + 28,
                f'    <结案 序="{number}" 日期="{self.text[done + 28]}" 经办人="丁晓禾">\n      <方式>办结</方式>\n    </结案>\n',
            )

    def served(self, number: int, day: int, of: int, people: list[str], handler: str) -> str:
        name = people[0].split("<姓名>")[1].split("</姓名>")[0]
        return (
            f'    <送达 序="{number}" 日期="{self.text[day + 1]}" {handler} 事件="{of}">\n      <受送达人>{name}</受送达人>\n'
            f"      <方式>邮寄送达</方式>\n      <收到日期>{self.text[day + 3]}</收到日期>\n      <签收人>{name}</签收人>\n"
            f"      <关系>本人</关系>\n    </送达>\n"
        )


_SAID = {
    "支持": "按照规定改正，并把结果告知信访人。",
    "部分支持": "符合规定的部分予以改正，其余部分没有规定依据。",
    "解释说明": "请求有合理的地方，现行规定没有明确的依据，已列入政策研究。",
    "不支持": "请求与查明的事实不符，详细理由已向信访人说明。",
}


def records(seed: int) -> Iterator[tuple[str, str, str]]:
    """Without end: month, file name and text of one record after the other."""
    maker = _Maker(seed)
    number = 0
    while True:
        number += 1
        yield maker.record(number)


def generate(n: int, seed: int, folder: Path) -> None:
    """Write *n* records below *folder*, one subfolder a month; the same for the same seed."""
    made: set[str] = set()
    for month, name, text in islice(records(seed), n):
        if month not in made:
            (folder / month).mkdir(parents=True, exist_ok=True)
            made.add(month)
        (folder / month / name).write_text(text, encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Generate plausible case records for benchmarks.")
    parser.add_argument("n", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    generate(given.n, given.seed, given.folder)


if __name__ == "__main__":
    main()
