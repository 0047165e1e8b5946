"""Pictures as PDF takes them: JPEG and plain PNG as they are, others unpacked, made small enough for reading, packed again."""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from PIL import ExifTags, Image

from xfdocs.archive.damage import jpeg_end, png_chunks
from xfdocs.archive.peek import Peek
from xfdocs.archive.picturepdf import A4, Drawn

MOST_PIXELS = 100_000_000
"""Of a picture that must be unpacked: four bytes each, in memory."""
_READING = 300
"""Dots per inch of a page for reading: what must be unpacked is not kept finer than that."""
_PHOTO = 128
"""A picture of more colours than this is a photograph: packed as JPEG. Others lose nothing."""
_QUALITY = 90
_PIECE = 1 << 20


class NoPicture(Exception):
    """Why a picture has no copy for reading: a sentence in Chinese. Inner: `access_copy` returns it."""


def drawn(file: Peek, key: str) -> Iterator[Drawn]:
    """The pictures of a file, one for each page. Raises `NoPicture`."""
    if key == "jpeg":
        yield from _jpeg(file)
    elif key == "png":
        yield from _png(file)
    else:
        yield from _unpacked(file)


# --- JPEG -------------------------------------------------------------------------------------------------


def _jpeg(file: Peek) -> Iterator[Drawn]:
    end = jpeg_end(file)
    if not end:
        raise NoPicture("图片不完整，没有另做阅读副本。")
    with _opened(file) as image:
        mode, size, dpi, orientation = image.mode, image.size, _dpi(image), _orientation(image)
        profile = _profile(image)
    if mode not in {"RGB", "L"} or not _plain_jpeg(file):  # CMYK has no place beside sRGB
        yield from _unpacked(file)
        return
    yield Drawn(
        width=size[0], height=size[1], dpi=dpi, orientation=orientation, profile=profile, length=end, filter=b"/DCTDecode",
        colour=b"/DeviceRGB" if mode == "RGB" else b"/DeviceGray", components=3 if mode == "RGB" else 1, data=_region(file, 0, end),
    )  # fmt: skip


def _plain_jpeg(file: Peek) -> bool:
    """Whether it is coded in one of the ways PDF knows: baseline, extended or progressive (ISO 32000-1 7.4.8)."""
    place = 2
    while len(head := file.read(place, 4)) == 4 and head[0] == 0xFF:
        if head[1] == 0xFF:
            place += 1
            continue
        if 0xC0 <= head[1] <= 0xCF and head[1] not in {0xC4, 0xC8, 0xCC}:
            return head[1] in {0xC0, 0xC1, 0xC2}
        place += 2 + int.from_bytes(head[2:4], "big")
    return False


def _region(file: Peek, start: int, length: int) -> Iterator[bytes]:
    for at in range(start, start + length, _PIECE):
        yield file.read(at, min(_PIECE, start + length - at))


# --- PNG --------------------------------------------------------------------------------------------------

_CHANNELS = {0: 1, 2: 3, 3: 1}
"""Colour type → samples of a pixel, of those without transparency."""


def _png(file: Peek) -> Iterator[Drawn]:
    chunks = list(png_chunks(file))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND":
        raise NoPicture("图片不完整，没有另做阅读副本。")
    head = file.read(chunks[0][1], 13)
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    bits, colour, interlaced = head[8], head[9], head[12]
    if colour not in _CHANNELS or interlaced or any(kind == b"tRNS" for kind, _, _ in chunks):
        yield from _unpacked(file)
        return
    inside = [(place, length) for kind, place, length in chunks if kind == b"IDAT"]
    if _unpacked_size(file, inside) != height * ((width * bits * _CHANNELS[colour] + 7) // 8 + 1):
        raise NoPicture("图片的数据读不出来，没有另做阅读副本。")
    with _opened(file) as image:
        dpi, orientation = _dpi(image), _orientation(image)
        profile = _profile(image) if colour != 3 else b""
    space = {0: b"/DeviceGray", 2: b"/DeviceRGB"}.get(colour) or _palette(file, chunks)
    yield Drawn(
        width=width, height=height, dpi=dpi, orientation=orientation, profile=profile, colour=space, bits=bits,
        components=_CHANNELS[colour], filter=b"/FlateDecode", length=sum(length for _, length in inside),
        parameters=b"<< /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>" % (_CHANNELS[colour], bits, width),
        data=(piece for place, length in inside for piece in _region(file, place, length)),
    )  # fmt: skip


def _palette(file: Peek, chunks: list[tuple[bytes, int, int]]) -> bytes:
    for kind, place, length in chunks:
        if kind == b"PLTE" and length >= 3:
            colours = file.read(place, length)
            return b"[/Indexed /DeviceRGB %d <%s>]" % (length // 3 - 1, colours.hex().encode())
    raise NoPicture("图片没有调色板，读不出来，没有另做阅读副本。")


def _unpacked_size(file: Peek, inside: list[tuple[int, int]]) -> int:
    """How many bytes the data unpack to, a little at a time; -1 if they do not."""
    unpacking = zlib.decompressobj()
    total = 0
    try:
        for place, length in inside:
            for piece in _region(file, place, length):
                left = piece
                while left:
                    total += len(unpacking.decompress(left, _PIECE))
                    left = unpacking.unconsumed_tail
        return total + len(unpacking.flush()) if unpacking.eof else -1
    except zlib.error:
        return -1


# --- what must be unpacked --------------------------------------------------------------------------------


def _unpacked(file: Peek) -> Iterator[Drawn]:
    """Each page of a TIFF, the first picture of a GIF or WebP."""
    with _opened(file) as image:
        count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        for number in range(count):
            try:
                image.seek(number)
                if image.format == "TIFF" and int(image.tag_v2.get(254, 0)) & 1:  # type: ignore[attr-defined]  # a small copy
                    continue
                _measured(image)
                dpi, orientation = _dpi(image), _orientation(image)
                image.draft(image.mode, _target(image.size, dpi))  # a JPEG is read smaller at once
                scale = image.size[0]
                small = _flat(_reduced(image, dpi))
            except (
                OSError,
                ValueError,
                SyntaxError,
                EOFError,
                TypeError,
                KeyError,
                IndexError,
                MemoryError,
            ) as error:
                raise NoPicture("图片的数据读不出来，没有另做阅读副本。") from error
            factor = small.size[0] / scale
            yield _packed(small, (dpi[0] * factor, dpi[1] * factor), orientation)


def _measured(image: Image.Image) -> None:
    if image.size[0] * image.size[1] > MOST_PIXELS:
        raise NoPicture(f"图片有 {image.size[0]}×{image.size[1]} 像素，太大，没有另做阅读副本。")


def _target(size: tuple[int, int], dpi: tuple[float, float]) -> tuple[int, int]:
    """The pixels that a page for reading needs."""
    across, down = size[0] / dpi[0], size[1] / dpi[1]
    long, short = max(across, down), min(across, down)
    fits = min(1.0, A4[1] / 72 / long, A4[0] / 72 / short)
    return max(1, round(across * fits * _READING)), max(1, round(down * fits * _READING))


def _reduced(image: Image.Image, dpi: tuple[float, float]) -> Image.Image:
    target = _target(image.size, dpi)
    if image.mode == "1" or image.size[0] <= target[0] * 1.1:
        image.load()
        return image
    if image.mode in {"P", "PA"}:
        image = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    elif image.mode not in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        image = _flat(image)
    return image.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _flat(image: Image.Image) -> Image.Image:
    """The same picture in black and white, grey, a palette or RGB, without transparency: on white paper."""
    if image.mode in {"LA", "PA", "RGBA", "RGBa", "La"} or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Image.new("RGB", seen.size, "white")
        paper.paste(seen, mask=seen.getchannel("A"))
        return paper
    if image.mode.startswith("I") or image.mode == "F":
        low, high = image.convert("F").getextrema()
        span = 65535.0 if image.mode.startswith("I;16") else max(float(high) - float(low), 1.0)  # type: ignore[arg-type]
        base = 0.0 if image.mode.startswith("I;16") else float(low)  # type: ignore[arg-type]
        return (
            image.convert("F").point(lambda value: value * (255.0 / span) - base * 255.0 / span).convert("L")
        )
    return image if image.mode in {"1", "L", "P", "RGB"} else image.convert("RGB")


def _packed(image: Image.Image, dpi: tuple[float, float], orientation: int) -> Drawn:
    """A picture that stands in memory: photographs as JPEG, anything else without loss."""
    out = io.BytesIO()
    photo = image.mode in {"L", "RGB"} and image.getcolors(_PHOTO) is None
    image.info.clear()  # nothing of the old file goes into the new one
    if photo:
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    else:
        image.save(out, "PNG")
    made = Peek(out, out.tell())
    (one,) = _jpeg(made) if photo else _png(made)
    return replace(one, dpi=dpi, orientation=orientation)


# --- what a picture says of itself ------------------------------------------------------------------------


@contextmanager
def _opened(file: Peek) -> Iterator[Image.Image]:
    """A picture of which only the head has been read. Pillow's warnings about odd files are not for the clerk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            file.file.seek(0)
            image = Image.open(file.file)
        except Image.DecompressionBombError as error:
            raise NoPicture("图片的像素太多，没有另做阅读副本。") from error
        except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError) as error:
            raise NoPicture("图片打不开，没有另做阅读副本。") from error
        with image:
            yield image


def _dpi(image: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down; 96 where the picture says nothing, or nothing likely."""
    said: Any = image.info.get("dpi") or (0, 0)
    try:
        across, down = float(said[0]), float(said[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 96.0, 96.0
    if not (10 <= across <= 10000 and 10 <= down <= 10000 and 1 / 8 <= across / down <= 8):
        return 96.0, 96.0
    return across, down


def _orientation(image: Image.Image) -> int:
    try:
        said = image.getexif().get(ExifTags.Base.Orientation, 1)
    except (
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        KeyError,
        IndexError,
    ):  # a broken Exif block says nothing
        return 1
    return said if isinstance(said, int) and 1 <= said <= 8 else 1


_KINDS = (b"scnr", b"mntr", b"prtr", b"spac")
_SPACES = {"RGB": b"RGB ", "L": b"GRAY"}


def _profile(image: Image.Image) -> bytes:
    """The picture's own ICC profile, if PDF/A-2 takes it (ISO 19005-2 6.2.4.2): whole, of version 4 at most, and of its colours."""
    data = image.info.get("icc_profile") or b""
    head = bytes(data[:128])
    fits = (
        len(head) == 128
        and int.from_bytes(head[:4], "big") == len(data)
        and 2 <= head[8] <= 4
        and head[12:16] in _KINDS
        and head[16:20] == _SPACES.get(image.mode)
        and head[36:40] == b"acsp"
    )
    return bytes(data) if fits and re.match(rb"(XYZ |Lab )", head[20:24]) else b""
