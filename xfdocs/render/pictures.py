"""The pictures of a document, looked at before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xfdocs.document.model import Figure
from xfdocs.errors import RenderFault

if TYPE_CHECKING:
    from xfdocs.document.model import Document

WIDEST: Final = 156.0
"""The measure in mm (GB/T 9704 5.2.1)."""
HIGHEST: Final = 204.0
"""Of the page's 225 mm, what two lines leave: the caption's, and one before it."""


def pictures(document: Document) -> tuple[Figure, ...]:
    """The figures of *document* in order; each has its picture and fits on a page with its caption.

    Raises:
        RenderFault: one that does not.
    """
    found = tuple(block for block in document.body if isinstance(block, Figure))
    for figure in found:
        name = figure.text or figure.alt[:20]
        if not figure.svg or not figure.png:
            raise RenderFault(message=f"“{name}”没有图像，只有文字说明，不能印出。请由原来的数据重新生成。")
        if not (0 < figure.width <= WIDEST and 0 < figure.height <= HIGHEST):
            raise RenderFault(
                message=f"“{name}”宽 {figure.width:g} 毫米、高 {figure.height:g} 毫米，"
                f"一页放不下（最宽 {WIDEST:g}，最高 {HIGHEST:g}）。"
            )
    return found
