"""What became of a document, or of a record that makes none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from xfdocs.document.catalogue import Kind
from xfdocs.errors import DocumentFault, ExitCode, GlyphMissing, LawFault, RenderFault, XfdocsError
from xfdocs.office import Office
from xfdocs.record.findings import Finding, Report
from xfdocs.record.model import Case
from xfdocs.record.search import where_is
from xfdocs.register.entry import Entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document, or of one record that calls for none."""

    case: str
    kind: str
    """Slug; empty where a record was refused as a whole."""
    kind_title: str
    number: str
    date: str
    files: dict[str, Path]
    """By format."""
    sha256: dict[str, str]
    state: str
    """draft, issued, existing or refused."""
    findings: tuple[Finding, ...] = ()
    why: str = ""
    """Why it was not made, where that is no finding of validation; of one that was, what is not in order with it."""
    added: tuple[str, ...] = ()
    """Formats that were made now for a document that was issued before."""

    def as_json(self) -> dict[str, object]:
        """The object of DESIGN §6."""
        findings = [finding.as_json() for finding in self.findings]
        if self.why:
            findings.append(
                {"code": "", "severity": "error", "line": 0, "path": "", "message": self.why, "basis": ""}
            )
        return {
            "case": self.case,
            "kind": self.kind,
            "kind_title": self.kind_title,
            "number": self.number,
            "date": self.date,
            "files": {name: str(path) for name, path in self.files.items()},
            "sha256": self.sha256,
            "state": self.state,
            "findings": findings,
        }


def outcome_of(entry: Entry, office: Office, state: str, why: str = "") -> Outcome:
    """What became of a document that the register knows."""
    return Outcome(
        case=entry.case,
        kind=entry.kind,
        kind_title=entry.kind_title,
        number=entry.number,
        date=entry.date.isoformat(),
        files={file.format: office.folder / file.path for file in entry.files},
        sha256={file.format: file.sha256 for file in entry.files},
        state=state,
        why=why,
    )


def rejected(report: Report) -> Outcome:
    """A record that did not pass validation makes nothing."""
    return Outcome(
        case=report.case,
        kind="",
        kind_title="",
        number="",
        date="",
        files={},
        sha256={},
        state="refused",
        findings=report.findings,
        why="" if report.findings else f"{report.file} 没有通过校验。",
    )


def refused_record(path: Path, case: str, why: str) -> Outcome:
    """A record of which nothing is made, for a reason that is no finding of validation."""
    return Outcome(case or path.stem, "", "", "", "", {}, {}, "refused", (), why)


def refused(case: str, kind: Kind, why: str) -> Outcome:
    """A document that is not made, and why, in one sentence."""
    return Outcome(case, kind.slug, kind.title, "", "", {}, {}, "refused", (), why)


def refusal(error: XfdocsError, case: Case, kind: Kind) -> Outcome:
    """A document that an error stopped; an error that is not this record's fault goes on its way.

    Raises *error* itself where the wording, the layout, the law as data or the machine is to blame.
    """
    raise_unless_refusal(error)
    if isinstance(error, GlyphMissing):  # the record's own name for the place helps more than the document's
        where = where_is(case, str(error.facts["character"])) or error.facts["field"]
        error = GlyphMissing(**{**error.facts, "field": where})
    return refused(case.id, kind, str(error))


def raise_unless_refusal(error: XfdocsError) -> None:
    """Raise *error* itself unless it is the fault of one document's content."""
    if (
        not isinstance(error, DocumentFault | RenderFault | LawFault)
        or error.exit_code is not ExitCode.REFUSED
    ):
        raise error


BUSY = "另一次制发正在制作这一份，没有重复制作。"


def not_made(entry: Entry, office: Office, why: str) -> Outcome:
    """A document that has a number and no files."""
    return replace(outcome_of(entry, office, "refused", why), files={}, sha256={})


def kept(entry: Entry) -> str:
    """What became of the number of a document that was not made."""
    return f"文号 {entry.number} 为它保留着，排除以后再运行一次。" if entry.number else "排除以后再运行一次。"
