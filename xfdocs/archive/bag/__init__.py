"""Bags: what a package lies in and how it proves that it is what it was (BagIt 1.0, RFC 8493).

`write_bag` writes one, `Bag.open` opens one without unpacking it, `check_bag` finds everything that is
wrong with one, `extract` unpacks one that is sound.
"""

from __future__ import annotations

from xfdocs.archive.bag.checking import check_bag
from xfdocs.archive.bag.extracting import extract
from xfdocs.archive.bag.findings import BagFinding, BagFlaw, Weight, is_whole
from xfdocs.archive.bag.reading import Bag
from xfdocs.archive.bag.stores import Container
from xfdocs.archive.bag.texts import SIGNATURE, Manifest
from xfdocs.archive.bag.writing import Written, write_bag

__all__ = [
    "SIGNATURE",
    "Bag",
    "BagFinding",
    "BagFlaw",
    "Container",
    "Manifest",
    "Weight",
    "Written",
    "check_bag",
    "extract",
    "is_whole",
    "write_bag",
]
