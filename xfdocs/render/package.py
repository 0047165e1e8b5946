"""A docx package that is put together from ready pieces: unchanged parts are copied as they lie.

`zipfile` cannot copy a member without unpacking and packing it again, which would make a document
depend on the zlib of the machine and cost more than all the rest.  So the members of a layout are
taken over packed, and the parts of a document are stored as they are: the same bytes everywhere.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOCAL: Final = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END: Final = struct.Struct("<4sHHHHLLH")
_VERSION: Final = 20
_UTF8: Final = 0x800
_DATE: Final = (0, 33)
"""1980-01-01 00:00, what Word itself writes."""


class Package:
    """Parts that are the same in every document, ready to be joined by those that are not."""

    __slots__ = ("_central", "_count", "_data")

    def __init__(self, data: bytes = b"", central: bytes = b"", count: int = 0) -> None:
        self._data = data
        self._central = central
        self._count = count

    @classmethod
    def of(cls, source: bytes, parts: Mapping[str, bytes]) -> Package:
        """*parts* in their order: each as it lies packed in the zip *source*, stored if it is another there."""
        package = cls()
        with zipfile.ZipFile(BytesIO(source)) as file:
            there = set(file.namelist())
            for name, data in parts.items():
                if name in there and file.read(name) == data:
                    entry = file.getinfo(name)
                    packed = _packed(source, entry)
                    package = package._with(name, packed, entry.CRC, entry.file_size, entry.compress_type)
                else:
                    package = package.joined({name: data})
        return package

    def joined(self, parts: Mapping[str, bytes]) -> Package:
        """This package and *parts*, stored."""
        package = self
        for name, data in parts.items():
            package = package._with(name, data, zlib.crc32(data), len(data), zipfile.ZIP_STORED)
        return package

    def _with(self, name: str, packed: bytes, crc: int, size: int, method: int) -> Package:
        flags = 0 if name.isascii() else _UTF8
        label = name.encode()
        common = (_VERSION, flags, method, *_DATE, crc, len(packed), size, len(label), 0)
        local = _LOCAL.pack(b"PK\x03\x04", *common)
        central = _CENTRAL.pack(b"PK\x01\x02", _VERSION, *common, 0, 0, 0, 0, len(self._data))
        return Package(
            b"".join((self._data, local, label, packed)),
            b"".join((self._central, central, label)),
            self._count + 1,
        )

    def to_bytes(self) -> bytes:
        """The finished file."""
        end = _END.pack(b"PK\x05\x06", 0, 0, self._count, self._count, len(self._central), len(self._data), 0)
        return b"".join((self._data, self._central, end))


def _packed(source: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The packed bytes of a member; its local header may be longer than the central one says."""
    header = _LOCAL.unpack_from(source, entry.header_offset)
    start = entry.header_offset + _LOCAL.size + header[-2] + header[-1]
    return source[start : start + entry.compress_size]
