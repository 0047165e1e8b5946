"""What becomes of an invented matter, act by act, in time or late, as far as it has come.

A life is a list of acts in the order of their days; of the day on which records are looked at, later ones are unknown.
Days are places in a list of working days; days that an organ names are counted on the calendar.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile

from bench.topics import CITY, PROVINCE, Topic

_DESK = ' 经办人="丁晓禾"'
_SAID = {
    "支持": "按照规定改正，并把结果告知信访人。",
    "部分支持": "符合规定的部分予以改正，其余部分没有规定依据。",
    "解释说明": "请求有合理的地方，现行规定没有明确的依据，已列入政策研究。",
    "不支持": "请求与查明的事实不符，详细理由已向信访人说明。",
}
_AGAIN = "复查机关撤销原意见以后，承办机关重新调查取证，补充核对了两份档案，对原来没有查清的情节作出说明。"
_DISTRICT = "云州市青溪区人民政府"
HANDLING = timedelta(days=60)
"""条例34."""


@dataclass(slots=True)
class Act:
    """One event, before it has a number."""

    tag: str
    day: int
    attributes: str
    """By whom, and about which claims."""
    body: str
    about: Act | None = None
    number: int = 0

    def xml(self, number: int, day: str) -> str:
        """As the writer writes it."""
        self.number = number
        about = f' 事件="{self.about.number}"' if self.about is not None else ""
        return f'    <{self.tag} 序="{number}" 日期="{day}"{self.attributes}{about}>\n{self.body}    </{self.tag}>\n'


@dataclass(slots=True)
class Matter:
    """What a life begins with."""

    topic: Topic
    at: int
    """The day it was received."""
    place: str
    n: int
    registrar: str
    """The organ that registered it."""
    name: str
    """Who is written to; empty: nobody is known."""
    claims: int
    """How many claims of the topic there are."""
    aside: bool
    """One claim more that belongs into another procedure."""
    related: str
    sorted_out: bool
    """Whether its claims have a 办理路径; nobody tells or accepts anything before."""
    acts: list[Act] = field(default_factory=list)


class Lives:
    """Tells lives with the chances of one generator of random numbers."""

    def __init__(self, rng: random.Random, days: list[date], text: list[str]) -> None:
        self.rng = rng
        self.days = days
        self.text = text

    def tell(self, m: Matter, old: bool) -> list[Act]:
        """All that will ever happen; *old* matters have mostly been dealt with."""
        chance = self.rng.random
        far = 1.0 if old else chance()
        if far < 0.1 or (m.topic.purpose in {"咨询", "其他"} and self._asked(m)):
            return self._sorted(m)
        if chance() < 0.004:  # forgotten
            return []
        received, organ = self._sent(m)
        if m.topic.path == "30" or far < 0.2 or received < 0 or not m.sorted_out:
            return self._sorted(m)
        if m.topic.path == "31-6":
            self._petition(m, organ, received, far)
        else:
            self._guided(m, organ, received)
        if chance() < 0.02:
            self._withdrawn(m)
        return self._sorted(m)

    def _sorted(self, m: Matter) -> list[Act]:
        m.acts.sort(key=lambda act: act.day)
        return m.acts

    def _add(
        self, m: Matter, tag: str, day: int, by: str, body: str, about: Act | None = None, whom: str = ""
    ) -> Act:
        organ = "" if by == m.registrar else f' 机关="{by}"'
        act = Act(tag, day, f"{organ}{whom}", body, about)
        m.acts.append(act)
        return act

    def _on(self, day: int, more: int) -> str:
        """A day so many calendar days after one."""
        return (self.days[day] + timedelta(days=more)).isoformat()

    # --- sending on ------------------------------------------------------------------------------------

    def _asked(self, m: Matter) -> bool:
        """A question is answered at the desk."""
        self._add(
            m,
            "结案",
            m.at + self.rng.randrange(0, 20),
            m.registrar,
            "      <方式>当场解答</方式>\n",
            whom=_DESK,
        )
        return True

    def _sent(self, m: Matter) -> tuple[int, str]:
        """The working day on which the competent organ had it, and which that is; -1: it objected and it came back for good."""
        chance, days = self.rng.random, self.rng.randrange
        if m.registrar == m.topic.organ:
            return m.at, m.registrar
        sent = m.at + (days(1, 7) if chance() > 0.05 else days(9, 26))
        received = sent + days(0, 3)
        organ = m.topic.organ
        letter = self._referral(m, sent, received, organ)
        if m.topic.path != "30" and chance() < 0.04:
            agreed = chance() < 0.6
            objected = received + days(1, 7)
            decided = objected + days(1, 4)
            outcome = "同意" if agreed else "不同意"
            back = f"      <交还日期>{self.text[decided + 1]}</交还日期>\n" if agreed else ""
            self._add(
                m,
                "异议",
                objected,
                organ,
                f"      <理由>经核对权责清单，{m.place}的这一事项由其他机关负责。</理由>\n      <决定>\n        <结果>{outcome}</结果>\n"
                f"        <日期>{self.text[decided]}</日期>\n      </决定>\n{back}",
                letter,
                f' 经办人="{m.topic.handler}"',
            )
            if agreed:
                if chance() < 0.2:
                    return -1, organ
                organ = _DISTRICT
                sent = decided + days(1, 5)
                received = sent + days(0, 3)
                self._referral(m, sent, received, organ)
        if chance() < 0.01:
            received = sent
        return received, organ

    def _referral(self, m: Matter, sent: int, received: int, organ: str) -> Act:
        """转送, or 交办 with what it asks for."""
        rng, chance = self.rng, self.rng.random
        noted = f"        <收到日期>{self.text[received]}</收到日期>\n" if chance() > 0.03 else ""
        to = f"      <去向>\n        <机关>{organ}</机关>\n        <主协>主办</主协>\n{noted}      </去向>\n"
        if chance() < 0.05 and m.topic.path != "30":
            to += f"      <去向>\n        <机关>云州市城市管理局</机关>\n        <主协>协办</主协>\n        <收到日期>{self.text[received]}</收到日期>\n      </去向>\n"
        material = (
            "      <材料>摘要</材料>\n      <摘要>反映某村道路工程招标和验收问题，线索涉及合同和验收单。</摘要>\n"
            if m.topic.path == "30"
            else "      <材料>复印件</材料>\n"
        )
        if m.topic.path == "30" or chance() > 0.14:
            return self._add(m, "转送", sent, m.registrar, to + material, whom=_DESK)
        asked = rng.randrange(30, 76)
        due = self.days[sent] + timedelta(days=asked)
        letter = self._add(
            m,
            "交办",
            sent,
            m.registrar,
            f"{to}      <办理期限>{due.isoformat()}</办理期限>\n      <责任人>{organ}分管负责人</责任人>\n"
            f"      <要求>核实有关情况，对请求作出答复，按期反馈结果</要求>\n{material}",
            whom=_DESK,
        )
        self._fed_back(m, letter, sent, asked, organ, 0.82, 0.1)
        return letter

    def _fed_back(
        self, m: Matter, asked: Act, day: int, days: int, organ: str, in_time: float, late: float
    ) -> None:
        """反馈 on the last days, on the very last, later, or never."""
        chance = self.rng.random()
        if chance >= in_time + late:
            return
        work = days * 5 // 7
        when = (
            day + max(2, work - self.rng.randrange(0, 9))
            if chance < in_time
            else day + work + self.rng.randrange(1, 25)
        )
        self._add(
            m,
            "反馈",
            when,
            organ,
            f"      <单位>{organ}</单位>\n      <办结报告>true</办结报告>\n      <内容>已查清有关情况并作出处理。</内容>\n",
            asked,
            f' 经办人="{m.topic.handler}"',
        )

    # --- other procedures ------------------------------------------------------------------------------

    def _telling(self, received: int) -> int:
        """Working days until the petitioner was told: mostly well in time, sometimes on the last day, sometimes late."""
        chance, days = self.rng.random(), self.rng.randrange
        return received + (days(1, 10) if chance < 0.9 else days(9, 13) if chance < 0.96 else days(12, 30))

    def _procedure(self, topic: Topic, claim: str) -> str:
        return (
            f"      <方式>书面</方式>\n      <途径程序{claim}>\n        <途径>{topic.procedure}</途径>\n        <机关>{topic.executor}</机关>\n"
            f"        <依据>\n          <名称>{topic.basis}</名称>\n          <条款>{topic.provision}</条款>\n        </依据>\n"
            "        <清单版本>2026年版</清单版本>\n      </途径程序>\n"
        )

    def _guided(self, m: Matter, organ: str, received: int) -> None:
        topic, chance = m.topic, self.rng.random
        if chance() < 0.02:
            return
        handler = f' 经办人="{topic.handler}"'
        told = self._telling(received)
        notice = self._add(m, "告知", told, organ, self._procedure(topic, ""), whom=handler)
        self._served(m, notice, told, organ, handler)
        if topic.path in {"29", "31-5"} and chance() < 0.5:
            done = told + self.rng.randrange(10, 60)
            kind = "建议回复" if topic.path == "29" else "履职答复"
            reply = self._add(
                m,
                "答复",
                done,
                organ,
                f'      <种类>{kind}</种类>\n      <意见 诉求="1">\n        <认定>已经研究、核实。</认定>\n        <结论>支持</结论>\n'
                "        <说明>已采纳，并把结果告知信访人。</说明>\n      </意见>\n      <签发人>郑立春</签发人>\n",
                whom=handler,
            )
            self._served(m, reply, done, organ, handler)
            self._afterwards(m, done)
        elif chance() < 0.3:
            self._closed(m, told + 20, "导入其他程序")

    # --- petitions -------------------------------------------------------------------------------------

    def _petition(self, m: Matter, organ: str, received: int, far: float) -> None:
        """条例31(六): accepted, handled, answered, and what follows."""
        topic, chance = m.topic, self.rng.random
        handler = f' 经办人="{topic.handler}"'
        if chance() < 0.012:
            return
        told = self._telling(received)
        if m.related and organ != _DISTRICT and chance() < 0.06:
            self._add(
                m,
                "告知",
                told,
                organ,
                f"      <方式>书面</方式>\n      <不予受理>\n        <理由>N1</理由>\n        <在办机关>{_DISTRICT}</在办机关>\n        <在办编号>{m.related}</在办编号>\n      </不予受理>\n",
                whom=handler,
            )
            return
        which = f' 诉求="{" ".join(map(str, range(1, m.claims + 1)))}"' if m.aside else ""
        self._add(
            m,
            "受理",
            told,
            organ,
            f"      <责任人>{topic.handler}</责任人>\n",
            whom=f"{handler}{which}",
        )
        if m.aside:
            self._add(
                m,
                "告知",
                told,
                organ,
                "      <方式>书面</方式>\n"
                f'      <途径程序 诉求="{m.claims + 1}">\n        <途径>劳动争议仲裁</途径>\n        <机关>云州市劳动人事争议仲裁委员会</机关>\n'
                "        <依据>\n          <名称>中华人民共和国劳动争议调解仲裁法</名称>\n          <条款>第二条、第五条</条款>\n        </依据>\n      </途径程序>\n",
                whom=handler,
            )
        if far < 0.45:
            return
        done = self._handled(m, organ, told, handler)
        if done < 0:
            return
        if chance() < 0.015:
            agreed = self._add(
                m,
                "调解",
                done,
                organ,
                f"      <方式>调解</方式>\n      <达成协议>true</达成协议>\n      <内容>双方就{m.place}的问题达成一致。</内容>\n",
                whom=handler,
            )
            self._served(m, agreed, done, organ, handler)
            self._closed(m, done + 10, "达成协议")
            return
        self._answered(m, organ, done, handler)

    def _handled(self, m: Matter, organ: str, told: int, handler: str) -> int:
        """The day of the answer, mostly in the 60 days, and what was done for want of one; -1: there never is one."""
        chance, days = self.rng.random, self.rng.randrange
        last = self.days[told] + HANDLING
        speed = chance()
        if speed < 0.02:
            done = -1  # never answered
        elif speed < 0.86:
            done = told + days(10, 38)
        elif speed < 0.94:
            done = told + days(36, 46)  # around the last day
        else:
            done = told + days(43, 75)
        if chance() < 0.12 and (done < 0 or done > told + 30):
            late = chance() < 0.08
            day = told + (days(43, 48) if late else days(28, 36))
            granted = timedelta(days=self._extended(m, day, organ, handler))
            last += granted if not late else timedelta()
            done = max(done, day) + days(1, 24) if done >= 0 else done
        if done < 0 or self.days[done] > last:
            self._supervised(m, organ, last, done)
        if done < 0 and chance() < 0.3:
            self._urged(m, told + 35, organ)
        return done

    def _extended(self, m: Matter, day: int, organ: str, handler: str) -> int:
        """延期, which ought to come before the 60 days ran out: how many days it gives."""
        granted = self.rng.choice((10, 15, 20, 30, 30, 30))
        act = self._add(
            m,
            "延期",
            day,
            organ,
            f"      <天数>{granted}</天数>\n      <理由>需要等待检测报告</理由>\n      <批准人>郑立春</批准人>\n"
            f"      <批准人职务>{organ}负责人</批准人职务>\n      <批准日期>{self.text[day - 1]}</批准日期>\n",
            whom=handler,
        )
        self._served(m, act, day, organ, handler)
        return granted

    def _supervised(self, m: Matter, organ: str, last: date, done: int) -> None:
        """督办 of a matter whose time ran out, if somebody saw it before the answer came."""
        chance, days = self.rng.random, self.rng.randrange
        if m.registrar == organ or chance() < 0.35:
            return
        overdue = (last - self.days[m.at]).days * 5 // 7 + m.at + days(4, 14)
        if overdue >= len(self.days) or self.days[overdue] <= last or 0 <= done <= overdue:
            return
        sent = next(act for act in reversed(m.acts) if act.tag in {"转送", "交办"})
        granted = days(7, 21)
        letter = self._add(
            m,
            "督办",
            overdue,
            m.registrar,
            f"      <形式>{self.rng.choice(('督办函', '督办单'))}</形式>\n      <对象>{organ}</对象>\n      <情形>S1</情形>\n"
            f"      <应办结日期>{last.isoformat()}</应办结日期>\n      <要求>尽快办结并反馈结果</要求>\n"
            f"      <反馈期限>{self._on(overdue, granted)}</反馈期限>\n",
            sent,
            _DESK,
        )
        self._fed_back(m, letter, overdue, granted, organ, 0.6, 0.2)
        if chance() < 0.12:
            kind = self.rng.choice(("改进工作", "完善政策", "追究责任"))
            advice = self._add(
                m,
                "建议",
                overdue + 5,
                m.registrar,
                f"      <类别>{kind}</类别>\n      <对象>{organ}</对象>\n      <内容>建立到期提醒，按期办结。</内容>\n",
                whom=_DESK,
            )
            self._fed_back(m, advice, overdue + 5, 30, organ, 0.5, 0.2)

    def _urged(self, m: Matter, day: int, organ: str) -> None:
        method = self.rng.choice(("电话", "函件", "实地"))
        self._add(
            m,
            "催办",
            day,
            m.registrar,
            f"      <对象>{organ}</对象>\n      <方式>{method}</方式>\n      <内容>询问办理进展，提醒按期办结。</内容>\n",
            whom=_DESK,
        )

    # --- answers ---------------------------------------------------------------------------------------

    def _answered(self, m: Matter, organ: str, done: int, handler: str) -> None:
        chance = self.rng.random
        conclusion = self.rng.choices(("支持", "部分支持", "解释说明", "不支持"), (60, 12, 13, 15))[0]
        reply = self._add(
            m, "答复", done, organ, self._opinions(m, done, conclusion, organ, ""), whom=handler
        )
        served = self._served(m, reply, done, organ, handler)
        if conclusion in {"支持", "部分支持"} and chance() < 0.8:
            self._add(
                m,
                "执行",
                done + 20,
                organ,
                f"      <单位>{m.topic.executor}</单位>\n      <内容>已按处理意见执行完毕。</内容>\n",
                reply,
                handler,
            )
        if served >= 0 and conclusion != "支持" and chance() < 0.3:
            self._disputed(m, organ, done, served, conclusion, handler)
        else:
            self._afterwards(m, done)

    def _opinions(self, m: Matter, done: int, conclusion: str, organ: str, more: str) -> str:
        topic, place, n = m.topic, m.place, m.n
        executor = (
            f"        <执行单位>{topic.executor}</执行单位>\n        <执行期限>{self.text[done + 25]}</执行期限>\n"
            if conclusion in {"支持", "部分支持"}
            else ""
        )
        grounds = (
            f"        <依据>\n          <名称>{topic.basis}</名称>\n          <条款>{topic.provision}</条款>\n        </依据>\n"
            if conclusion != "解释说明"
            else ""
        )
        said = "".join(
            f'      <意见 诉求="{claim}">\n        <认定>{more}{topic.findings.format(place=place, n=n)}</认定>\n        <结论>{conclusion}</结论>\n{grounds}'
            f"        <说明>{_SAID[conclusion]}</说明>\n{executor}      </意见>\n"
            for claim in range(1, m.claims + 1)
        )
        above = PROVINCE if organ == CITY else CITY
        return f"      <种类>处理意见</种类>\n{said}      <复查机关>{above}</复查机关>\n      <签发人>郑立春</签发人>\n"

    def _served(self, m: Matter, of: Act, day: int, organ: str, handler: str) -> int:
        """送达, mostly; the day it arrived, -1 where nobody knows."""
        rng, chance = self.rng, self.rng.random()
        if not m.name or chance < 0.09:
            return -1
        sent = day + rng.randrange(0, 4)
        arrived = sent + rng.randrange(0, 6)
        way, received = "邮寄送达", f"      <收到日期>{self.text[arrived]}</收到日期>\n"
        signed = f"      <签收人>{m.name}</签收人>\n      <关系>本人</关系>\n"
        if chance < 0.11:
            received = signed = ""  # posted, and no receipt came back
            arrived = -1
        elif chance < 0.13:
            way, received, signed = "留置送达", "", ""
            arrived = sent
        elif chance < 0.14:
            signed, way, received = (
                "      <拒收>\n        <事由>不同意处理意见</事由>\n        <见证人>胡安国</见证人>\n      </拒收>\n",
                "直接送达",
                "",
            )
            arrived = sent
        elif chance < 0.3:
            way, arrived = "直接送达", sent
            received = f"      <收到日期>{self.text[sent]}</收到日期>\n"
        body = f"      <受送达人>{m.name}</受送达人>\n      <方式>{way}</方式>\n{received}{signed}"
        self._add(m, "送达", sent, organ, body, of, handler)
        return arrived

    def _afterwards(self, m: Matter, done: int) -> None:
        """评价, 回访, 结案."""
        chance, rng = self.rng.random, self.rng
        for of, often in (("信访部门", 0.5), ("责任单位", 0.6)):
            if chance() < often:
                rating = rng.choice(("满意", "满意", "满意", "基本满意", "不满意"))
                self._add(
                    m,
                    "评价",
                    done + rng.randrange(5, 30),
                    m.registrar,
                    f"      <对象>{of}</对象>\n      <结果>{rating}</结果>\n",
                )
        if chance() < 0.2:
            self._add(
                m,
                "回访",
                done + rng.randrange(8, 25),
                m.registrar,
                f"      <方式>电话</方式>\n      <同意>{rng.choice(('true', 'true', 'true', 'false'))}</同意>\n",
                whom=_DESK,
            )
        if chance() < 0.9:
            self._closed(m, done + rng.randrange(24, 40), "办结")

    def _closed(self, m: Matter, day: int, manner: str) -> None:
        self._add(m, "结案", day, m.registrar, f"      <方式>{manner}</方式>\n", whom=_DESK)

    def _disputed(self, m: Matter, organ: str, done: int, served: int, conclusion: str, handler: str) -> None:
        """复查, sometimes a new answer, sometimes 复核."""
        chance, days = self.rng.random, self.rng.randrange
        asked = max(served, done) + days(1, 22)
        above = PROVINCE if organ == CITY else CITY
        self._add(m, "复查申请", asked, above, "      <请求>请求撤销处理意见，重新处理。</请求>\n")
        if chance() < 0.05:
            return
        decided = asked + (days(8, 21) if chance() < 0.93 else days(20, 40))
        outcome = self.rng.choices(("维持", "撤销", "变更"), (80, 12, 8))[0]
        review = self._add(
            m,
            "复查",
            decided,
            above,
            f"      <结论>{outcome}</结论>\n      <意见>经审查，{m.place}事项的处理意见{outcome}。</意见>\n"
            f"      <复核机关>{PROVINCE}</复核机关>\n",
        )
        self._served(m, review, decided, above, "")
        if outcome == "撤销":
            again = decided + days(12, 38)
            reply = self._add(
                m,
                "答复",
                again,
                organ,
                self._opinions(m, again, "部分支持" if conclusion != "部分支持" else "不支持", organ, _AGAIN),
                whom=handler,
            )
            self._served(m, reply, again, organ, handler)
            self._closed(m, again + 35, "办结")
        elif above != PROVINCE and chance() < 0.3:
            asked = decided + 9 + days(0, 12)
            self._add(m, "复核申请", asked, PROVINCE, "      <请求>请求复核。</请求>\n")
            final = asked + days(8, 21)
            self._add(
                m,
                "复核",
                final,
                PROVINCE,
                "      <结论>维持</结论>\n      <意见>经审查，复查意见认定事实清楚，予以维持。</意见>\n",
            )
            self._closed(m, final + 5, "复核终结")
        else:
            self._closed(m, decided + 30, "办结")

    def _withdrawn(self, m: Matter) -> None:
        """撤回 at some time: nothing but what was under way comes after it."""
        latest = max((act.day for act in m.acts), default=m.at)
        day = m.at + self.rng.randrange(1, max(2, latest - m.at + 10))
        m.acts[:] = [act for act in m.acts if act.day <= day]
        self._add(m, "撤回", day, m.registrar, "      <说明>信访人书面撤回。</说明>\n", whom=_DESK)


def rendered(acts: list[Act], text: list[str], before: int) -> str:
    """The acts up to a day, numbered, as the writer writes them."""
    known = takewhile(lambda act: act.day < before, acts)
    return "".join(act.xml(number, text[act.day]) for number, act in enumerate(known, start=1))
