"""The structure tree of a PDF: what a screen reader meets, in its order."""

from __future__ import annotations

import re

import pikepdf


def elements(file: pikepdf.Pdf):
    def walk(node):
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node
            if "/K" in node:
                yield from walk(node.K)

    yield from walk(file.Root.StructTreeRoot.K)


def attributes(item: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    """The attribute objects of an element."""
    found = item.get("/A", [])
    return [found] if isinstance(found, pikepdf.Dictionary) else list(found)


def tagged_text(file: pikepdf.Pdf) -> str:
    """The text of the structure tree, in its order, read back through the fonts' ToUnicode maps."""
    pages = {page.objgen: number for number, page in enumerate(file.pages)}
    marked = [_marked(page) for page in file.pages]
    found: list[str] = []

    def walk(node, page) -> None:
        if isinstance(node, int):
            found.append(marked[pages[page.objgen]].get(node, ""))
        elif isinstance(node, pikepdf.Array):
            for child in node:
                walk(child, page)
        elif isinstance(node, pikepdf.Dictionary):
            page = node.get("/Pg", page)
            walk(int(node.MCID) if "/MCID" in node else node.get("/K"), page)

    walk(file.Root.StructTreeRoot.K, None)
    return "".join("".join(found).split())


def _marked(page) -> dict[int, str]:
    maps = {name: _unicode(font) for name, font in page.Resources.Font.items()}
    text: dict[int, str] = {}
    open_marks: list[int | None] = []
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                known = isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]
                outer = open_marks[-1] if open_marks else None
                open_marks.append(int(operands[1].MCID) if known else outer)
            case "BMC":
                open_marks.append(None)
            case "EMC":
                open_marks.pop()
            case "Tf":
                font = maps[str(operands[0])]
            case "Tj" | "TJ" if open_marks and open_marks[-1] is not None:
                items = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                codes = b"".join(bytes(item) for item in items if isinstance(item, pikepdf.String))
                text[open_marks[-1]] = text.get(open_marks[-1], "") + "".join(
                    font[int.from_bytes(codes[i : i + 2], "big")] for i in range(0, len(codes), 2)
                )
    return text


def _unicode(font) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("ascii")
    return {
        int(code, 16): bytes.fromhex(value).decode("utf-16-be")
        for code, value in re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table)
    }
