"""One family of errors: what happened, where, and what to do next.

Every error is a class whose docstring is its message, with the facts in braces.  It carries a stable
code and the exit code of the command that meets it, and survives a process pool because it can be
rebuilt from its facts::

    raise CalendarMissing(year=2027, loaded="2015—2026")
"""

from __future__ import annotations

from xfdocs.errors.archive import ArchiveFault, ChecksInvalid
from xfdocs.errors.documents import (
    DocumentFault,
    DocumentRefused,
    DocumentXmlInvalid,
    FieldMissing,
    KindInvalid,
    NotCalledFor,
    WordingInvalid,
)
from xfdocs.errors.family import ExitCode, XfdocsError
from xfdocs.errors.law import CalendarMissing, LawDataInvalid, LawFault, RegulationMissing
from xfdocs.errors.machine import DiskFull, FontsMissing, LibraryMissing, MachineLacks
from xfdocs.errors.production import (
    ClusterUnreachable,
    ProductionFault,
    RecordChanged,
    TemplatesDiffer,
    WorkersGone,
)
from xfdocs.errors.records import (
    EventInvalid,
    EventRefused,
    EventRepeated,
    RecordFault,
    RecordNotKept,
    RecordRejected,
    RecordTouched,
    RecordUnreadable,
)
from xfdocs.errors.register import (
    BookTouched,
    EntryAmbiguous,
    EntryNotOurs,
    EntryUnknown,
    EntryVoid,
    NumberTaken,
    RegisterAbsent,
    RegisterBroken,
    RegisterFault,
    RegisterNewer,
    RegisterUnreachable,
)
from xfdocs.errors.rendering import GlyphMissing, LayoutInvalid, RenderFault, RenderWarned
from xfdocs.errors.reports import (
    BookInvalid,
    BookUnknown,
    DefinitionInvalid,
    MeasureUnknown,
    PeriodAhead,
    PeriodOpen,
    PersonalValueFound,
    ReportFault,
    ReturnTooEarly,
    ReturnWithoutData,
    SmallNumberExposed,
    TotalsDiffer,
    ZeroContradicted,
    ZeroInDoubt,
)
from xfdocs.errors.usage import (
    FileTrouble,
    FolderInTheWay,
    KindUnknown,
    NothingThere,
    OfficeInvalid,
    OfficeNotFound,
    PeriodInvalid,
    UsageFault,
)

__all__ = [
    "ArchiveFault",
    "BookInvalid",
    "BookTouched",
    "BookUnknown",
    "CalendarMissing",
    "ChecksInvalid",
    "ClusterUnreachable",
    "DefinitionInvalid",
    "DiskFull",
    "DocumentFault",
    "DocumentRefused",
    "DocumentXmlInvalid",
    "EntryAmbiguous",
    "EntryNotOurs",
    "EntryUnknown",
    "EntryVoid",
    "EventInvalid",
    "EventRefused",
    "EventRepeated",
    "ExitCode",
    "FieldMissing",
    "FileTrouble",
    "FolderInTheWay",
    "FontsMissing",
    "GlyphMissing",
    "KindInvalid",
    "KindUnknown",
    "LawDataInvalid",
    "LawFault",
    "LayoutInvalid",
    "LibraryMissing",
    "MachineLacks",
    "MeasureUnknown",
    "NotCalledFor",
    "NothingThere",
    "NumberTaken",
    "OfficeInvalid",
    "OfficeNotFound",
    "PeriodAhead",
    "PeriodInvalid",
    "PeriodOpen",
    "PersonalValueFound",
    "ProductionFault",
    "RecordChanged",
    "RecordFault",
    "RecordNotKept",
    "RecordRejected",
    "RecordTouched",
    "RecordUnreadable",
    "RegisterAbsent",
    "RegisterBroken",
    "RegisterFault",
    "RegisterNewer",
    "RegisterUnreachable",
    "RegulationMissing",
    "RenderFault",
    "RenderWarned",
    "ReportFault",
    "ReturnTooEarly",
    "ReturnWithoutData",
    "SmallNumberExposed",
    "TemplatesDiffer",
    "TotalsDiffer",
    "UsageFault",
    "WordingInvalid",
    "WorkersGone",
    "XfdocsError",
    "ZeroContradicted",
    "ZeroInDoubt",
]
