"""Whoever changes the register, a file or a record behind the program's back is found, and the thing is named."""

from __future__ import annotations

import hashlib
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.register.offices import issue_all, made, make_office, numbers, tell_record, wanted
from xfdocs.office import Office
from xfdocs.register import mark
from xfdocs.register.faults import Fault, Gravity, Trouble
from xfdocs.register.journal import Action, canonical, line_hash
from xfdocs.register.register import Register
from xfdocs.register.verify import verify


@pytest.fixture
def book(register, office) -> Register:
    """Four documents in records that say so, the second void and made anew, and a number that came to none."""
    with register.begin_run({"": "first"}) as run:
        issue_all(register, run, numbers(3), office, records=True)
    register.void(2, "打印错误")
    with register.begin_run({"": "second"}) as run:
        [again] = issue_all(register, run, [wanted(2)], office)
        register.reserve(run, [wanted(4)])
    register.void(5, "不再需要")
    for entry in register.entries_of(["YZ-20260301-0002"])["YZ-20260301-0002"]:
        tell_record(office, entry)
    register.confirm([2, again.id])
    return register


def found(register: Register, office: Office) -> list[Fault]:
    return list(verify(register, office))


def grave(register: Register, office: Office) -> list[tuple[Trouble, str]]:
    return [(f.trouble, f.what) for f in verify(register, office) if f.gravity is Gravity.BROKEN]


def tamper(register: Register, *statements: str) -> None:
    with register.database.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_what_is_as_it_was_has_no_fault(book, office):
    assert found(book, office) == []
    assert [(entry.id, entry.state.value, entry.recorded) for entry in book.entries()] == [
        (1, "issued", True),
        (2, "void", True),
        (3, "issued", True),
        (4, "issued", True),
        (5, "void", True),
    ]


def test_an_empty_register_has_no_fault(register, office):
    assert found(register, office) == []


# --- the tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "trouble", "told"),
    [
        (
            "UPDATE documents SET title = '另一个' WHERE id = 3",
            Trouble.ROW,
            "登记号 3（云信受字〔2026〕3号）的登记被改动过，与流水不一致：标题。",
        ),
        (
            "UPDATE documents SET date = '2026-03-09', signer = '无' WHERE id = 1",
            Trouble.ROW,
            "成文日期、签发人",
        ),
        ("UPDATE documents SET date = 'gestern' WHERE id = 1", Trouble.ROW, "成文日期"),
        ("UPDATE documents SET recorded = NOT recorded WHERE id = 3", Trouble.ROW, "是否已写进记录"),
        ("UPDATE documents SET why = '别的理由' WHERE id = 2", Trouble.ROW, "作废理由"),
        ("DELETE FROM documents WHERE id = 5", Trouble.ROW, "登记号 5（云信受字〔2026〕5号）的登记被删去了"),
        (
            "UPDATE files SET size = size + 1 WHERE document = 1",
            Trouble.ROW,
            "登记号 1（云信受字〔2026〕1号）",
        ),
        ("DELETE FROM files WHERE document = 3 AND format = 'pdf'", Trouble.ROW, "文件"),
        ("UPDATE files SET maker = 'pdf 2.0' WHERE document = 3 AND format = 'pdf'", Trouble.ROW, "文件"),
        ("UPDATE series SET last = 9", Trouble.SERIES, "云信受字〔2026〕×号 用到第 5 号，记着的却是第 9 号"),
        ("UPDATE series SET first = 2", Trouble.ROW, "起号与流水不一致"),
        ("DELETE FROM series", Trouble.SERIES, "云信受字〔2026〕×号 这一序列没有登记"),
        ("UPDATE runs SET templates = '{}'", Trouble.ROW, "的登记与流水不一致"),
        ("UPDATE head SET documents = 7", Trouble.HEAD, "登记号用到 5，末端却记着 7"),
        ("UPDATE head SET seq = seq - 1", Trouble.HEAD, "最后的几行被改动或者删去了"),
        ("DELETE FROM head", Trouble.HEAD, "流水的末端没有了"),
        (
            "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
            Trouble.HEAD,
            "最后的几行被改动或者删去了",
        ),
        ("DELETE FROM journal WHERE seq IN (4, 5)", Trouble.CHAIN, "流水缺第 4 至 5 行"),
        ("DELETE FROM journal WHERE seq = 1", Trouble.CHAIN, "流水缺第 1 行"),
        ("UPDATE journal SET at = '2020-01-01T00:00:00Z' WHERE seq = 3", Trouble.CHAIN, "流水第 3 行"),
        ("UPDATE journal SET document = 3 WHERE seq = 3", Trouble.CHAIN, "流水第 3 行（登记号 3）"),
        ("UPDATE journal SET payload = 'x' WHERE seq = 3", Trouble.ROW, "登记号 1 的流水读不懂"),
        ("UPDATE journal SET payload = '[]' WHERE seq = 1", Trouble.ROW, "流水第 1 行读不懂"),
        ("UPDATE journal SET hash = previous WHERE seq = 6", Trouble.CHAIN, "流水第 7 行与上一行接不上"),
    ],
)
def test_a_change_behind_the_programs_back_is_found(book, office, statement, trouble, told):
    tamper(book, statement)
    faults = grave(book, office)
    assert [what for kind, what in faults if kind is trouble and told in what], faults


def test_a_row_put_in_by_hand_is_found(book, office):
    columns = "kind, kind_title, event, form, year, date, title, issuer, recipients, signer, copies, record, state, why, recorded, record_sha256, run, reserved_at, issued_at, voided_at"
    tamper(
        book,
        f"INSERT INTO documents (id, case_id, ordinal, n, number, {columns}) "
        f"SELECT 6, 'YZ-FREMD', 1, 6, '云信受字〔2026〕6号', {columns} FROM documents WHERE id = 1",
        "UPDATE head SET documents = 6",
        "UPDATE series SET last = 6",
    )
    told = [what for _, what in grave(book, office)]
    assert "登记号 6（云信受字〔2026〕6号）在流水里没有，不是本程序登记的。" in told


def test_a_gap_and_a_double_in_a_series_are_named(book, office):
    tamper(book, "DROP INDEX uq_documents_form_year_n", "UPDATE documents SET n = 2 WHERE id = 3")
    told = [what for trouble, what in grave(book, office) if trouble is Trouble.SERIES]
    assert told == ["云信受字〔2026〕×号 有重复的号：2。", "云信受字〔2026〕×号 缺号：3。"]


def test_a_journal_forged_with_fitting_hashes_is_told_from_the_head_that_was_noted_down(book, office):
    """Who owns the database can forge all of it: what was written down elsewhere still shows it."""
    noted = book.head()
    with book.database.writing() as connection:
        write_journal_anew(connection, lambda payload: payload.replace("陆晚晴", "某某"))
        connection.execute(sa.text("UPDATE documents SET recipients = replace(recipients, '陆晚晴', '某某')"))
    assert grave(book, office) == []
    assert book.head() != noted


def write_journal_anew(connection: sa.Connection, change: Callable[[str], str]) -> None:
    """Every payload changed, every hash fitting."""
    lines = connection.execute(sa.text("SELECT * FROM journal ORDER BY seq")).all()
    previous = lines[0].previous
    for line in lines:
        payload = change(line.payload)
        hashed = line_hash(line.seq, line.at, line.action, line.document, payload, previous)
        update = sa.text("UPDATE journal SET payload = :p, previous = :v, hash = :h WHERE seq = :s")
        connection.execute(update, {"p": payload, "v": previous, "h": hashed, "s": line.seq})
        previous = hashed
    connection.execute(sa.text("UPDATE head SET hash = :h"), {"h": previous})


def test_a_register_from_before_makers_were_kept_is_proved_and_goes_on(book, office):
    with book.database.writing() as connection:
        write_journal_anew(connection, lambda payload: re.sub(r'"maker":"[^"]*",', "", payload))
        connection.exec_driver_sql("ALTER TABLE files DROP COLUMN maker")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    mark.forget(office.folder / office.issued)  # it tells of the journal as it was
    with Register.open(office) as register:
        assert {file.maker for entry in register.entries() for file in entry.files} == {""}
        assert found(register, office) == []
        with register.begin_run({}) as run:
            [new] = issue_all(register, run, [wanted(6)], office, records=True)
        assert [file.maker for file in new.files] == ["docx 1.0", "pdf 1.0"]
        assert found(register, office) == []
        tamper(register, "UPDATE files SET maker = 'typst 0.15.2' WHERE document = 1")
        [(trouble, what)] = grave(register, office)
        assert (trouble, what) == (
            Trouble.ROW,
            "登记号 1（云信受字〔2026〕1号）的登记被改动过，与流水不一致：文件。",
        )


def test_a_line_has_one_hash_whatever_the_machine():
    line = line_hash(7, "2026-03-01T08:00:00Z", Action.VOID, 3, canonical({"why": "打印错误"}), "0" * 64)
    words = '[7,"2026-03-01T08:00:00Z","void",3,"{\\"why\\":\\"打印错误\\"}","' + "0" * 64 + '"]'
    assert line == hashlib.sha256(words.encode()).hexdigest()


def test_a_clock_set_back_changes_nothing(url, tmp_path):
    office = make_office(tmp_path / "office", url=url)
    hours = iter(range(23, 0, -1))
    with Register.open(office, clock=lambda: f"2026-03-01T{next(hours):02d}:00:00Z") as register:
        with register.begin_run({}) as run:
            issue_all(register, run, numbers(3), office, records=True)
        register.void(3, "打印错误")
        tell_record(office, next(register.entries(case="YZ-20260301-0003")))
        register.confirm([3])
        assert found(register, office) == []
        entry = next(register.entries())
        assert entry.issued_at < entry.reserved_at


# --- files ----------------------------------------------------------------------------------------------


def file_of(office: Office, case: int, fmt: str = "pdf") -> Path:
    return office.folder / "issued" / f"YZ-20260301-{case:04d}" / f"02-受理告知书.{fmt}"


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (flipped, "与制发时不同，已被改动"),
        (lambda path: path.write_bytes(path.read_bytes() + b"\n"), "与制发时不同，已被改动"),
        (Path.unlink, "不在了"),
        (lambda path: (path.unlink(), path.mkdir()), "读不出来"),
    ],
    ids=["flipped byte", "longer", "gone", "a folder"],
)
@pytest.mark.parametrize("case", [1, 2], ids=["issued", "void"])
def test_a_file_that_is_not_what_it_was_is_named(book, office, case, harm, told):
    harm(file_of(office, case))
    [(trouble, what)] = grave(book, office)
    assert trouble is Trouble.FILE
    assert f"云信受字〔2026〕{case}号 的文件 issued/YZ-20260301-{case:04d}/02-受理告知书.pdf {told}" in what


def test_a_file_that_nobody_registered_is_a_notice(book, office):
    stranger = office.folder / "issued" / "YZ-20260301-0001" / "99-别的.pdf"
    stranger.write_bytes(b"?")
    [fault] = found(book, office)
    assert (fault.trouble, fault.gravity) == (Trouble.FOREIGN, Gravity.NOTICE)
    assert "issued/YZ-20260301-0001/99-别的.pdf" in fault.what


# --- records --------------------------------------------------------------------------------------------


def edited(office: Office, case: int, change: Callable[[str], str]) -> None:
    path = office.folder / "cases" / f"YZ-20260301-{case:04d}.xml"
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("〔2026〕1号", "〔2026〕7号"), "里没有 云信受字〔2026〕1号"),
        (lambda text: text.replace(text[text.index("<摘要>") + 4 :][:64], "0" * 64, 1), "不一致：文件"),
        (lambda text: text.replace("</文号>", "</文号><外/>"), "里没有 云信受字〔2026〕1号"),
        (lambda text: text.replace("<签发人>卓清扬", "<签发人>某某"), "不一致：签发人"),
        (lambda text: text.replace("</信访事项>", ""), "不能核对"),
        (
            lambda text: text.replace(
                "</文书>", "</文书>" + text[text.index("<文书") : text.index("</文书>") + 5]
            ),
            "有 2 份",
        ),
    ],
    ids=["number", "digest", "no document", "signer", "no XML", "twice"],
)
def test_a_record_that_does_not_say_what_the_register_says_is_named(book, office, change, told):
    edited(office, 1, change)
    [(trouble, what)] = grave(book, office)
    assert trouble is Trouble.RECORD
    assert "cases/YZ-20260301-0001.xml" in what
    assert told in what


def test_a_record_that_takes_back_a_void_is_named(book, office):
    edited(office, 2, lambda text: text.replace("<作废>打印错误</作废>", ""))
    [(_, what)] = grave(book, office)
    assert what == "案件记录 cases/YZ-20260301-0002.xml 写的 云信受字〔2026〕2号 与登记库不一致：作废。"


def test_a_number_of_one_case_in_the_record_of_another_is_named(book, office):
    path = office.folder / "cases" / "YZ-20260301-0001.xml"
    text = path.read_text("utf-8")
    first = text[text.index("<文书") : text.index("</文书>") + len("</文书>")]
    path.write_text(text.replace(first, first + first.replace("〔2026〕1号", "〔2026〕3号")), "utf-8")
    [(trouble, what)] = grave(book, office)
    assert trouble is Trouble.RECORD
    assert "cases/YZ-20260301-0001.xml 写着 云信受字〔2026〕3号，而它是 YZ-20260301-0003 的" in what


def test_a_record_that_is_gone_is_a_notice(book, office):
    (office.folder / "cases" / "YZ-20260301-0002.xml").unlink()
    [fault] = found(book, office)
    assert fault.gravity is Gravity.NOTICE
    assert fault.what == "案件记录 cases/YZ-20260301-0002.xml 不在，没有核对它写明的 2 份文书。"


# --- broken off -----------------------------------------------------------------------------------------


def test_what_was_broken_off_is_unfinished_and_not_broken(register, office):
    with register.begin_run({}) as run:
        first, second = register.reserve(run, numbers(2))
        register.issue(run, [made(second.entry, office)])
    faults = found(register, office)
    assert [(f.trouble, f.gravity) for f in faults] == [
        (Trouble.RESERVED, Gravity.UNFINISHED),
        (Trouble.UNCONFIRMED, Gravity.UNFINISHED),
    ]
    assert first.entry.number in faults[0].what
    assert second.entry.number in faults[1].what


def test_what_a_living_run_has_not_finished_is_a_notice(office):
    with Register.open(office) as register, Register.open(office) as there, there.begin_run({}) as run:
        there.reserve(run, [wanted(1)])
        [fault] = found(register, office)
    assert (fault.trouble, fault.gravity) == (Trouble.RESERVED, Gravity.NOTICE)


def test_what_somebody_voids_during_the_test_is_no_fault(book, office, monkeypatch):
    """The entry was read, then it was voided and its record told; only then is the record read."""
    from xfdocs.register import verify as module

    def read_later(path: Path) -> object:
        monkeypatch.undo()
        book.void(1, "打印错误")
        tell_record(office, next(book.entries(case="YZ-20260301-0001")))
        return module.read_tree(path)

    monkeypatch.setattr(module, "read_tree", read_later)
    assert found(book, office) == []
    assert [entry.id for entry in book.unconfirmed()] == [1]


# --- as it goes -----------------------------------------------------------------------------------------


def test_progress_is_told_document_by_document(book, office):
    class Told:
        notes: list[str] = []  # noqa: RUF012

        def advance(self, steps: int = 1, note: str = "") -> None:
            self.notes.append(note)

    list(verify(book, office, progress=Told()))
    assert len(Told.notes) == book.count()


def test_memory_does_not_grow_with_the_register(sqlite_office):
    """Four times the documents, no more memory: the rest of the difference is noise of the allocator."""

    def peak(register: Register) -> int:
        tracemalloc.start()
        count = sum(fault.trouble is not Trouble.RESERVED for fault in verify(register, sqlite_office))
        assert count == 0
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    with Register.open(sqlite_office) as register:
        with register.begin_run({}) as run:
            for start in range(1, 1001, 250):
                register.reserve(run, numbers(250, start=start))
        peak(register)  # what is kept for good, by SQLAlchemy and by Python
        small = peak(register)
        with register.begin_run({}) as run:
            for start in range(1001, 4001, 250):
                register.reserve(run, numbers(250, start=start))
        assert peak(register) < 1.3 * small
