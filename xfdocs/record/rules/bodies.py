"""Whether two names mean the same body, and whether a name is that of an internal section."""

from __future__ import annotations

import re
from functools import lru_cache

_SHORTEST = 4
"""A shorter name is too general to be found inside another: 市委, 学校."""
_DISCIPLINE = re.compile(r"驻.+(纪检监察组|纪检组|监察组)$")
"""派驻机构: stands inside a unit by name, but answers to those who sent it."""
_PARENTS = ("人民政府", "委员会", "党委", "党组")
"""Organs above the one whose name begins with theirs: 云州市人民政府 above 云州市人民政府办公室."""
_SECTION = re.compile(r"(科|股|处|室|组|中队|班)$")
_NO_SECTION = re.compile(
    r"(人民政府办公[室厅]|委员会办公[室厅]|[党市县区州省]委办公[室厅]|信访[工作]*办公室|联席会议办公室|领导小组|领导小组办公室|办事处|管理处|"
    r"驻.+组|巡[视察]组|工作组|工商所|派出所)$"
)
"""Bodies that act in their own name although they are called so (公文处理工作条例 17: 办公厅（室）)."""


def same_person_or_body(one: str, other: str) -> bool:
    """Whether the names are the same but for spaces."""
    return _plain(one) == _plain(other)


def reaches(recipient: str, reported: str) -> bool:
    """Whether what is sent to *recipient* reaches *reported*: the same body, a section of it, or the body it is a section of.

    Names count as related where one contains the other. A discipline group posted to a unit bears its
    name but is not part of it; a government or committee is not the office named after it.
    """
    here, there = _plain(recipient), _plain(reported)
    if here == there:
        return True
    if _telling(there) and there in here:
        return _DISCIPLINE.search(here) is None
    if _telling(here) and here in there:
        return not here.endswith(_PARENTS)
    return False


def _telling(name: str) -> bool:
    """Whether a name is long enough to mean somebody inside a longer one; 水务局 is, 市委 is not."""
    return len(name) >= _SHORTEST - name.endswith("局")


@lru_cache(maxsize=4096)  # the same few organs again and again
def is_section(name: str) -> bool:
    """Whether a name looks like that of an internal section, in whose name nothing may be sent out."""
    return _SECTION.search(name) is not None and _NO_SECTION.search(name) is None


def _plain(name: str) -> str:
    return "".join(name.split())
