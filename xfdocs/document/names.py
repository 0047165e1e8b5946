"""Which names a template uses, checked against what there is before any record is read.

A wording meets its names when it is filled; a list of a hundred thousand rows must not find out at the last one.  The check
walks the parsed template and follows names through the record's own plan; what it cannot follow it lets pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from jinja2 import nodes

from xfdocs.record.events import EVENT_KINDS
from xfdocs.record.schema import Slot, plan_of

_EVERYWHERE = frozenset({"loop", "range", "namespace", "caller", "varargs", "kwargs"})
_SAME = frozenset({"reverse", "sort", "unique", "list"})
_MEMBER = frozenset({"first", "last"})


EVERY = "全部"
"""``全部("反馈")``: every event of a kind."""


class NameFault(Exception):
    """A name that is not there, as a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What may be asked of a value."""

    kinds: tuple[type, ...] = ()
    """The classes of the record of which it is one; a field of any of them may be asked for."""
    many: bool = False
    """A list of such: a field asked of it is its first one's."""
    each: tuple[type, ...] = ()
    """Of a list of which no field may be asked: the classes of its members."""
    parts: Mapping[str, Shape] = field(default_factory=dict)
    """Names it has beside those of its classes."""
    open: bool = False
    """Nobody can say what it is: anything may be asked."""


PLAIN = Shape()
"""A text, a number or a day: nothing is asked of it."""
ANY = Shape(open=True)


def shape_of(kind: type) -> Shape:
    """The shape of one part of the record."""
    return Shape((kind,))


@cache
def record_names(kind: type) -> Mapping[str, Shape]:
    """The names a part of the record has at its top, each with its shape."""
    return {slot.zh: _slot(slot) for slot in plan_of(kind).slots}


def _slot(slot: Slot) -> Shape:
    if slot.place == "events":
        events = {zh: shape_of(kind) for zh, kind in EVENT_KINDS.items()}
        return Shape(many=True, each=tuple(EVENT_KINDS.values()), parts=events)
    return Shape((slot.type,) if is_dataclass(slot.type) else (), slot.many)


def check_names(tree: nodes.Template, known: Mapping[str, Shape]) -> None:
    """Raise `NameFault` for the first name of a template that is not *known*, with the nearest there is."""
    _Walk({**known}).all(tree.body)


class _Walk:
    """One walk over a template, with the names that are known where it has come to."""

    def __init__(self, names: dict[str, Shape]) -> None:
        self._names = names

    def all(self, parts: list[nodes.Node]) -> None:
        for part in parts:
            self.shape(part)

    def shape(self, node: nodes.Node) -> Shape:
        """What a node gives, its names checked."""
        how = getattr(self, f"_{type(node).__name__.lower()}", None)
        if how is not None:
            found: Shape = how(node)
            return found
        self._children(node)
        return ANY if isinstance(node, nodes.Or | nodes.And | nodes.NSRef) else PLAIN

    def _output(self, node: nodes.Output) -> Shape:
        for part in node.nodes:
            shape = self.shape(part)
            if shape.many:
                raise NameFault(
                    f"“{_spelled(part)}”可以有几个，要用 {{% for %}} 逐个写出，或者用过滤器“顿号”连起来。"
                )
            if shape.kinds or shape.parts:
                raise NameFault(f"“{_spelled(part)}”是整个元素，要写明是它的哪一项。")
        return PLAIN

    def _include(self, _node: nodes.Node) -> Shape:
        raise NameFault("不能引用别的文件。")

    _import = _fromimport = _extends = _include

    def _name(self, node: nodes.Name) -> Shape:
        return self._known(node.name) if node.ctx == "load" else PLAIN

    def _getattr(self, node: nodes.Getattr) -> Shape:
        return _asked(self.shape(node.node), node.attr, _spelled(node.node))

    def _getitem(self, node: nodes.Getitem) -> Shape:
        of = self.shape(node.node)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return _asked(of, node.arg.value, _spelled(node.node))
        self.shape(node.arg)
        if of.many:
            raise NameFault(
                f"“{_spelled(node.node)}”不能按位置取；直接写它的项目就是第一个的，最后一个用过滤器“last”。"
            )
        return ANY

    def _call(self, node: nodes.Call) -> Shape:
        self._children(node)
        match node:
            case nodes.Call(node=nodes.Name(name=name), args=[nodes.Const(value=str(kind))]) if name == EVERY:
                if kind in EVENT_KINDS:
                    return Shape(many=True, each=(EVENT_KINDS[kind],))
                near = get_close_matches(kind, EVENT_KINDS, n=1, cutoff=0.3)
                hint = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(EVENT_KINDS)}。"
                raise NameFault(f"没有“{kind}”这种事件。{hint}")
        return ANY

    def _condexpr(self, node: nodes.CondExpr) -> Shape:
        if node.expr2 is None:
            raise NameFault('“… if …”要写 else；没有的，写 else ""。')
        self._children(node)
        return ANY

    def _assign(self, node: nodes.Assign) -> Shape:
        given = self.shape(node.node)
        for name in _targets(node.target):
            self._names[name] = given if isinstance(node.target, nodes.Name) else ANY
        return PLAIN

    def _known(self, name: str) -> Shape:
        if name in self._names:
            return self._names[name]
        if name in _EVERYWHERE:
            return ANY
        near = get_close_matches(name, self._names, n=1, cutoff=0.3)
        hint = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(self._names)}。"
        raise NameFault(f"没有“{name}”这个名称。{hint}")

    def _filter(self, node: nodes.Filter) -> Shape:
        given = self.shape(node.node) if node.node is not None else PLAIN
        self.all([*node.args, *node.kwargs])
        if node.name in _SAME:
            return given
        return _member(given) if node.name in _MEMBER else ANY

    def _for(self, node: nodes.For) -> Shape:
        each = _member(self.shape(node.iter))
        inner = _Walk({**self._names, **dict.fromkeys(_targets(node.target), ANY)})
        if isinstance(node.target, nodes.Name):
            inner._names[node.target.name] = each
        inner.all([*([node.test] if node.test else []), *node.body])
        self.all(node.else_)
        return PLAIN

    def _inside(self, node: nodes.Node) -> Shape:
        """Blocks that bring names of their own: those are let pass, all others are checked."""
        own = [name for part in node.find_all(nodes.Name) if part.ctx != "load" for name in (part.name,)]
        own += [getattr(node, "name", "")] if isinstance(node, nodes.Macro) else []
        _Walk({**self._names, **dict.fromkeys(own, ANY)})._children(node)
        self._names.update(dict.fromkeys(own, ANY))
        return PLAIN

    _macro = _callblock = _with = _assignblock = _inside

    def _children(self, node: nodes.Node) -> None:
        self.all(list(node.iter_child_nodes()))


def _targets(node: nodes.Node) -> list[str]:
    return [node.name] if isinstance(node, nodes.Name) else [part.name for part in node.find_all(nodes.Name)]


def _member(shape: Shape) -> Shape:
    return Shape(shape.each or shape.kinds) if shape.many else ANY


def _asked(shape: Shape, name: str, of: str) -> Shape:
    """What a name leads to."""
    if shape.open:
        return ANY
    found = [record_names(kind)[name] for kind in shape.kinds if name in record_names(kind)]
    if name in shape.parts:
        return shape.parts[name]
    if not found:
        raise NameFault(_no_such(shape, name, of))
    kinds = tuple(dict.fromkeys(kind for one in found for kind in one.kinds))
    each = tuple(dict.fromkeys(kind for one in found for kind in one.each))
    return Shape(
        kinds, any(one.many for one in found), each, {k: v for one in found for k, v in one.parts.items()}
    )


def _no_such(shape: Shape, name: str, of: str) -> str:
    names = list(dict.fromkeys([*shape.parts, *(zh for kind in shape.kinds for zh in record_names(kind))]))
    near = get_close_matches(name, names, n=1, cutoff=0.3)
    hint = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(names)}。" if names else ""
    return f"“{of}”里没有“{name}”这一项。{hint}"


def _spelled(node: Any) -> str:
    """A name as it stands in the template."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=of, attr=attr):
            return f"{_spelled(of)}.{attr}"
        case nodes.Getitem(node=of):
            return _spelled(of)
    return "它"
