"""Any number of plausible case records of the sample office, the same for the same seed, fast.

    python -m bench.records 10000 out/cases --seed 7
    python -m bench.records 1000000 out/cases --jobs 2

People, places and matters are invented; numbers keep to the rule of the samples (990000, 1990000xxxx).
Records come out exactly as `xfdocs.record.writer` writes them, and validation accepts them; most are
in time, and some are late or still open, as in an office (`bench.lives`).  Each record follows from the seed and
its number alone, so that several processes write what one would.  Text is put together by hand because the point is speed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from bench.lives import Lives, Matter, rendered
from bench.topics import BUREAU, DISTRICT, GIVEN, PLACES, SURNAMES, TOPICS, WEIGHTS, Topic
from xfdocs.rules import load_calendar

FIRST, LAST = date(2023, 1, 3), date(2026, 10, 30)
"""Days on which generated matters arrive."""
SEEN = date(2026, 11, 20)
"""Nothing is recorded that happened later."""
CHANNELS = ("来信", "来访", "网上", "来电", "传真")
CHANNEL_WEIGHTS = (30, 22, 38, 9, 1)
_ALONE = {"31-2", "31-5", "29"}
"""Ways that a matter with several claims does not go here."""
_LOCI = ("990000", "990001", "990002", "990003", "990100")
_HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<信访事项 xmlns=\"urn:xfdocs:case:1\" 编号=\"{id}\">\n"
_RECENT = 70
"""Working days before `LAST`: matters that came later may be anywhere on their way."""
_CHUNK = 2_000


def _days() -> list[date]:
    """The working days, and weekdays beyond the calendar for what is promised then."""
    calendar = load_calendar()
    end = date(2026, 12, 31)
    every = (FIRST + timedelta(days=n) for n in range((end - FIRST).days + 365))
    return [day for day in every if (calendar.is_workday(day) if day <= end else day.weekday() < 5)]


@dataclass(frozen=True, slots=True)
class _Start:
    """What is drawn first of a record: others refer to it without making the whole of it."""

    number: int
    at: int
    topic: Topic
    place: str
    name: str
    house: int
    again: bool


class _Maker:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng, self.other = random.Random(), random.Random()
        self.days = _days()
        self.text = [day.isoformat() for day in self.days]
        self.last = next(i for i, day in enumerate(self.days) if day > LAST)
        self.seen = next(i for i, day in enumerate(self.days) if day > SEEN)
        self.lives = Lives(self.rng, self.days, self.text)

    def start(self, rng: random.Random, number: int) -> _Start:
        """The beginning of a record's random numbers."""
        rng.seed(self.seed << 32 | number)
        at = rng.randrange(self.last)
        topic = rng.choices(TOPICS, WEIGHTS)[0]
        return _Start(
            number, at, topic, rng.choice(PLACES), self.name(rng), rng.randrange(1, 20), rng.random() < 0.09
        )

    def name(self, rng: random.Random) -> str:
        given = rng.randrange(len(GIVEN) - 1)
        return rng.choice(SURNAMES) + GIVEN[given : given + rng.choice((1, 2, 2))]

    def original(self, start: _Start) -> _Start | None:
        """A matter of an earlier day that this one repeats, if a few tries find one."""
        if not start.again or start.number == 1 or start.topic.path == "30":
            return None
        for _ in range(6):
            other = self.start(self.other, self.rng.randrange(1, start.number))
            if other.at + 10 < start.at and not other.again and other.topic.path != "30":
                return other
        return None

    def case_id(self, start: _Start) -> str:
        return f"YZ-{self.text[start.at].replace('-', '')}-{start.number:05d}"

    def record(self, number: int) -> tuple[str, str, str]:
        """Folder, file name and text of one record."""
        rng = self.rng
        start = self.start(rng, number)
        before = self.original(start)
        same = before or start
        topic, place = same.topic, same.place
        channel = "来信" if topic.path == "30" else rng.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
        n = rng.randrange(2, 9)
        case, related = self.case_id(start), self.case_id(before) if before else ""
        registrar = self.registrar(topic)
        several = rng.random() < 0.1 and topic.path not in _ALONE and topic.path != "30"
        claims = 2 if several else 1
        aside = topic.path == "31-6" and rng.random() < 0.03
        nobody = topic.path == "30" and rng.random() < 0.5
        visitors = rng.choice((1, 1, 1, 1, 1, 1, 2, 3, 5, 6)) if channel == "来访" else 0
        if visitors > 5:
            visitors += rng.randrange(0, 25)
        people, name = ([], "") if nobody else self.people(same, visitors, channel)
        parts = [_HEAD.format(id=case), self.registration(start, topic, channel, place, registrar, related)]
        parts += people
        parts.append(self.counts(channel, visitors))
        sorted_out = topic.path == "31-6" or rng.random() > 0.04
        parts += [self.claim(seq, topic, place, n, sorted_out) for seq in range(1, claims + 1)]
        if aside:
            parts.append(_ASIDE.format(seq=claims + 1))
        if topic.path == "30":
            parts.append("  <保密>\n    <检举控告保护>true</检举控告保护>\n  </保密>\n")
        matter = Matter(topic, start.at, place, n, registrar, name, claims, aside, related, sorted_out)
        acts = self.lives.tell(matter, start.at < self.last - _RECENT)
        if events := rendered(acts, self.text, self.seen):
            parts.append(f"  <办理>\n{events}  </办理>\n")
        parts.append("</信访事项>\n")
        received = self.text[start.at]
        third = "上中下"[min(int(received[8:]) - 1, 29) // 10]
        return f"{received[:7]}{third}旬", f"{case}.xml", "".join(parts)

    def registrar(self, topic: Topic) -> str:
        """Most matters come to the petition office, some to the competent organ or to the district's office."""
        chance = self.rng.random()
        if topic.path == "30" or chance > 0.13:
            return BUREAU
        return topic.organ if chance < 0.1 else DISTRICT

    def registration(
        self, start: _Start, topic: Topic, channel: str, place: str, registrar: str, related: str
    ) -> str:
        chance = self.rng.random
        late = 0 if chance() < 0.8 else self.rng.randrange(1, 4)
        first = "    <首办责任人>丁晓禾</首办责任人>\n" if chance() < 0.85 else ""
        again = f"重复</初次重复>\n    <关联编号>{related}</关联编号>\n" if related else "初次</初次重复>\n"
        source = ""
        if channel != "来访" and topic.path != "30" and chance() < 0.05:
            source = self.source(start.at)
        oral = (
            "    <口头记录>\n      <记录人>丁晓禾</记录人>\n      <核对>已核对签名</核对>\n    </口头记录>\n"
            if channel in {"来访", "来电"}
            else ""
        )
        return (
            f"  <登记>\n    <形式>{channel}</形式>\n    <收到日期>{self.text[start.at]}</收到日期>\n"
            f"    <登记日期>{self.text[start.at + late]}</登记日期>\n"
            f"    <登记机关>{registrar}</登记机关>\n    <登记人>丁晓禾</登记人>\n{first}"
            f"    <事由>{topic.subject.format(place=place)}</事由>\n    <初次重复>{again}{source}{oral}  </登记>\n"
        )

    def source(self, at: int) -> str:
        """It was sent here by the province's office, for a report or without."""
        sent = max(at - self.rng.randrange(0, 5), 0)
        kind, due = "转送", ""
        if self.rng.random() < 0.5:
            kind = "交办"
            due = f"      <反馈期限>{(self.days[sent] + timedelta(days=60)).isoformat()}</反馈期限>\n"
        return (
            f"    <来源>\n      <类别>{kind}</类别>\n      <机关>江北省信访局</机关>\n      <日期>{self.text[sent]}</日期>\n"
            f"      <收到日期>{self.text[at]}</收到日期>\n{due}    </来源>\n"
        )

    def people(self, start: _Start, visitors: int, channel: str) -> tuple[list[str], str]:
        """Who petitions, the first of them by name, and that name; empty where it is not clear."""
        rng = self.rng
        listed = min(visitors, 5) or rng.choice((1, 1, 1, 1, 1, 1, 1, 2, 3))
        representative = ' 代表="true"' if listed > 1 and channel == "来访" else ""
        if not visitors and rng.random() < 0.03:
            return [_UNCLEAR], ""
        found = []
        for i in range(listed):
            name = start.name if i == 0 else self.name(rng)
            call = f"    <联系电话>1990000{start.number * 7 % 10_000:04d}</联系电话>\n" if i == 0 else ""
            house = start.house if i == 0 else rng.randrange(1, 20)
            found.append(
                f"  <信访人{representative}>\n    <类别>公民</类别>\n    <姓名>{name}</姓名>\n"
                f"    <住址>云州市青溪区{start.place}{house}号</住址>\n{call}  </信访人>\n"
            )
        return found, start.name

    def counts(self, channel: str, visitors: int) -> str:
        if visitors:
            return f"  <人数>\n    <来访人数>{visitors}</来访人数>\n  </人数>\n"
        if channel == "来信" and self.rng.random() < 0.04:
            return f"  <人数>\n    <联名人数>{self.rng.randrange(5, 60)}</联名人数>\n  </人数>\n"
        return ""

    def claim(self, seq: int, topic: Topic, place: str, n: int, sorted_out: bool) -> str:
        purpose = {"29": "建议意见", "30": "检举控告"}.get(topic.path, topic.purpose)
        chance = self.rng.random
        path = f"    <办理路径>{topic.path}</办理路径>\n" if topic.path and sorted_out else ""
        category = f"    <内容分类>{topic.sector}</内容分类>\n" if topic.sector and chance() > 0.04 else ""
        locus = f"    <属地>{self.rng.choice(_LOCI)}</属地>\n" if chance() > 0.03 else ""
        return (
            f'  <诉求 序号="{seq}">\n    <目的>{purpose}</目的>\n{path}{category}{locus}'
            f"    <请求>{topic.request.format(place=place, n=n + seq - 1)}</请求>\n"
            f"    <事实>{topic.facts.format(place=place, n=n)}</事实>\n  </诉求>\n"
        )


_UNCLEAR = '  <信访人 姓名不清="true">\n    <类别>公民</类别>\n  </信访人>\n'
_ASIDE = (
    '  <诉求 序号="{seq}">\n    <目的>申诉求决</目的>\n    <办理路径>31-2</办理路径>\n    <内容分类>劳动社保</内容分类>\n'
    "    <属地>990000</属地>\n    <请求>请求物业服务企业支付拖欠的工资。</请求>\n    <事实>我在物业服务企业工作过三个月。</事实>\n  </诉求>\n"
)


def records(seed: int) -> Iterator[tuple[str, str, str]]:
    """Without end: folder, file name and text of one record after the other."""
    maker = _Maker(seed)
    return (maker.record(number) for number in count(1))


def generate(n: int, seed: int, folder: Path, jobs: int = 1) -> None:
    """Write *n* records below *folder*, one subfolder for ten days; the same for the same seed, whatever the *jobs*."""
    chunks = [range(first, min(first + _CHUNK, n + 1)) for first in range(1, n + 1, _CHUNK)]
    if jobs <= 1:
        _write(seed, folder, range(1, n + 1))
        return
    with ProcessPoolExecutor(jobs) as pool:
        for _ in pool.map(partial(_write, seed, folder), chunks):
            pass


def _write(seed: int, folder: Path, numbers: Iterable[int]) -> None:
    maker = _Maker(seed)
    made: set[str] = set()
    for number in numbers:
        place, name, text = maker.record(number)
        if place not in made:
            (folder / place).mkdir(parents=True, exist_ok=True)
            made.add(place)
        with open(f"{folder}/{place}/{name}", "wb") as file:  # noqa: PTH123 - a Path for each costs more than the writing
            file.write(text.encode())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Generate plausible case records for benchmarks.")
    parser.add_argument("n", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    generate(given.n, given.seed, given.folder, given.jobs)


if __name__ == "__main__":
    main()
