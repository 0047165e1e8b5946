"""Numbers of our own series that the register never gave: typed into a record by hand, or of a lost register.

If such a number were let pass, the register might give it a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from xfdocs.document.assemble import number_form
from xfdocs.document.catalogue import catalogue_of
from xfdocs.office import Office
from xfdocs.production.surveying import Told
from xfdocs.register.entry import Entry


class OwnNumbers:
    """The numbers an office gives, as far as their form tells."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @cached_property
    def _form(self) -> re.Pattern[str]:
        forms = {
            number_form(kind, organ, self.office)
            for organ in self.office.organs.values()
            for kind in catalogue_of(self.office).kinds.values()
        }
        ours = (
            re.escape(form).replace(r"\{year\}", "([0-9]{4})").replace(r"\{n\}", "([0-9]+)")
            for form in sorted(forms - {""})
        )
        return re.compile("|".join(ours) or "(?!)")

    def stranger(self, told: Iterable[Told], entries: Iterable[Entry]) -> str:
        """A number in a record that looks like ours, is later than `[numbers.used]`, and is not in the register; or empty."""
        known = {entry.number for entry in entries}
        for one in told:
            if not one.number or one.number in known:
                continue
            match = self._form.fullmatch(one.number)
            if match is None or match.lastindex is None:
                continue
            series = one.number[: match.start(match.lastindex)]  # the figure comes last (GB/T 9704 7.2.5)
            if int(match[match.lastindex]) > self.office.used.get(series, 0):
                return one.number
        return ""
