"""What was issued, written into the record: its ``<文书>``, and nothing else of its bytes.

`with_issued` puts them in, `without_issued` takes them out: two versions of a record that are the same
without them differ in nothing a person has written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from lxml import etree

from xfdocs.errors import RecordNotKept, RecordRejected, RecordUnreadable
from xfdocs.record.model import Archive, Case, Issued
from xfdocs.record.reader import build_part, parse_tree
from xfdocs.record.schema import names_until, qualified
from xfdocs.record.schema_messages import troubles
from xfdocs.record.splice import UNNAMED, Edit, Sheet, trimmed
from xfdocs.record.structure import record_schema

_NAME = "文书"
_FILED = "归档"
_BEFORE = names_until(Case, _NAME)
"""What stands before a further ``<文书>``."""


def with_issued(data: bytes, issued: Sequence[Issued], file: Path = UNNAMED) -> bytes:
    """A record's bytes with these documents in them; everything else stays as it was, byte for byte.

    A document that is there already — the same 文号; of one without, the same event, kind and file names but for the format —
    is written anew only if it differs.  *file* is named in errors.

    Raises:
        RecordUnreadable, RecordRejected: the bytes are no record that the schema accepts.
        RecordNotKept: the record would not be the same case with these documents; nothing is returned.
    """
    sheet = Sheet.of(data, file)
    there = sheet.named(_NAME)
    try:
        before = [build_part(Issued, node) for _, node in there]
    except (LookupError, TypeError, ValueError):
        checked(sheet.tree, file)
        raise
    after = merged(before, issued)
    if after == before:
        return data
    prefix = sheet.tree.prefix
    edits = [
        Edit(span.start, span.end, sheet.written(_NAME, new, sheet.lead(span.start), prefix))
        for (span, _), old, new in zip(there, before, after, strict=False)
        if new != old
    ]
    if added := after[len(before) :]:
        anchor = sheet.named(*_BEFORE)[-1][0]
        lead = sheet.usual_lead(anchor)
        place = sheet.behind(anchor)
        text = b"".join(lead + sheet.written(_NAME, one, lead, prefix) for one in added)
        edits.append(Edit(place, place, text))
    result = sheet.spliced(edits)
    tree = proven(sheet, result, _NAME)
    if [build_part(Issued, node) for node in tree.iterchildren(qualified(_NAME))] != after:
        raise RecordNotKept(file=file, what="写入的文书读回来不一样。")
    return result


def without_issued(data: bytes, file: Path = UNNAMED) -> bytes:
    """A record's bytes without any ``<文书>``, and without the white space that each brought.

    What `with_issued` has put in is taken out again without a trace.  The record need not satisfy the schema.

    Raises:
        RecordUnreadable, RecordNotKept: as `with_issued`.
    """
    return _without(data, file, _NAME)


def with_archive(data: bytes, archive: Archive, file: Path = UNNAMED) -> bytes:
    """A record's bytes with its place in the archive; everything else stays as it was, byte for byte.

    Raises what `with_issued` raises.
    """
    sheet = Sheet.of(data, file)
    there = sheet.named(_FILED)
    if any(build_part(Archive, node) == archive for _, node in there):
        return data
    prefix = sheet.tree.prefix
    if there:
        span = there[0][0]
        edit = Edit(span.start, span.end, sheet.written(_FILED, archive, sheet.lead(span.start), prefix))
    else:
        anchor = sheet.named(*names_until(Case, _FILED))[-1][0]
        lead = sheet.usual_lead(anchor)
        place = sheet.behind(anchor)
        edit = Edit(place, place, lead + sheet.written(_FILED, archive, lead, prefix))
    result = sheet.spliced([edit])
    tree = proven(sheet, result, _FILED)
    if [build_part(Archive, node) for node in tree.iterchildren(qualified(_FILED))] != [archive]:
        raise RecordNotKept(file=file, what="写入的归档信息读回来不一样。")
    return result


def facts_digest(data: bytes) -> str:
    """SHA-256 of a record without any ``<文书>`` and ``<归档>``: the same as long as nobody changes what documents are made from.

    Raises what `without_issued` raises.
    """
    return hashlib.sha256(_without(data, UNNAMED, _NAME, _FILED)).hexdigest()


def _without(data: bytes, file: Path, *names: str) -> bytes:
    """A record's bytes without its parts of these names, and without the white space that each brought."""
    sheet = Sheet.of(data, file)
    inside = sheet.root.inside
    return sheet.spliced(
        Edit(trimmed(sheet.text, inside, span.start), span.end, b"") for span, _ in sheet.named(*names)
    )


def merged(before: Sequence[Issued], issued: Sequence[Issued]) -> list[Issued]:
    """Documents with further ones: each in the place of the same document, or at the end."""
    after = list(before)
    for new in issued:
        same = next((n for n, old in enumerate(after) if identity(old) == identity(new)), None)
        if same is None:
            after.append(new)
        else:
            after[same] = new
    return after


def identity(issued: Issued) -> tuple[object, ...]:
    """What makes a document the same one, whatever else is told of it."""
    if issued.number is not None:
        return (issued.number,)
    return issued.event, issued.kind, frozenset(Path(file.name).stem for file in issued.files)


def checked(tree: etree._Element, file: Path) -> None:
    """Raise `RecordRejected` if the schema does not accept a record."""
    schema = record_schema()
    if not schema.validate(tree):
        found = list(troubles(tree, schema.error_log))
        raise RecordRejected(file=file, count=len(found), first=found[0].message)


def proven(sheet: Sheet, result: bytes, name: str) -> etree._Element:
    """The tree of a changed record, which the schema accepts and in which only the parts called *name* differ.

    Raises:
        RecordRejected: the schema did not accept it before, either.
        RecordNotKept: the change would do something else: better nothing written than something wrong.
    """
    try:
        tree = parse_tree(result, sheet.file)
        checked(tree, sheet.file)
    except (RecordUnreadable, RecordRejected) as error:
        checked(sheet.tree, sheet.file)  # it was so before
        what = error.facts.get("what") or error.facts.get("first")
        raise RecordNotKept(file=sheet.file, what=f"写入以后不合记录结构。{what}") from error
    tag = qualified(name)
    if _others(tree, tag) != _others(sheet.tree, tag):
        raise RecordNotKept(file=sheet.file, what="写入会改变记录中别的内容。")
    return tree


def _others(tree: etree._Element, tag: str) -> list[object]:
    """Everything of a record but its parts of one name, in a form that can be compared."""
    parts = [node for node in tree.iterchildren(tag=etree.Element) if node.tag != tag]
    return [
        sorted(tree.items()),
        *(etree.tostring(node, encoding="utf-8", with_tail=False) for node in parts),
    ]
