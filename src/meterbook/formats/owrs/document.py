"""OWRS text to values: a file's metadata and its customer classes, every scalar as it stands and every key's line.

Numbers stay text here: a price is read exactly where it is needed, and a key that nothing uses may hold anything.
A file that is not YAML, or that says one key twice, is refused as a whole with the line; nothing of it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from meterbook.engine.rates.language.fitness import DEEPEST, too_deep
from meterbook.formats.contract import WrongFormat, shortened, utf8_text

#: The C parser where PyYAML was built with it; the same language.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: More nodes than this come only from anchors that multiply each other.
_NODES = 200_000
#: More mergers into one mapping than this come only from mergers that multiply each other.
_MERGES = 1000
_TEXT_TAG = "tag:yaml.org,2002:str"
_MERGE_TAG = "tag:yaml.org,2002:merge"
_NULL_TAG = "tag:yaml.org,2002:null"


class Bare(str):
    """A scalar that YAML does not read as text: a number, a truth, a date or nothing. Its text is as in the file."""

    __slots__ = ()


#: What stands in a file: text (`Bare` where YAML sees more than text), lists, mappings.
Value = str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a key of a class holds, and the line of the key (counted from 1)."""

    value: Value
    line: int


@dataclass(frozen=True, slots=True)
class OwrsClass:
    """One customer class: its keys in the order of the file."""

    name: str
    line: int
    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class OwrsFile:
    """One rate file: ``metadata`` and whatever else stands at the top, and the customer classes by name.

    ``unread`` names classes that are no mapping of keys, with the reason; the others are usable.
    """

    metadata: Mapping[str, Value]
    rest: Mapping[str, Value]
    classes: Mapping[str, OwrsClass]
    unread: Mapping[str, str]


def parse(data: bytes) -> OwrsFile:
    """Read one OWRS file. Raises `WrongFormat` with the line when nothing of it can be trusted.

    >>> owrs = parse(b"metadata: {utility_name: Alder Bend}\\nrate_structure: {OTHER: {bill: 12.50}}")
    >>> owrs.classes["OTHER"].entries["bill"].value
    '12.50'
    """
    root = _root(utf8_text(data))
    top = dict(_pairs(root, at="the file"))
    if "rate_structure" not in top:
        raise _refused("it has no rate_structure", 1, "rate_structure", ", ".join(top), "the key rate_structure")
    structure = top.pop("rate_structure")[1]
    classes: dict[str, OwrsClass] = {}
    unread: dict[str, str] = {}
    budget = _Budget()
    for name, (key, node) in _pairs(structure, at="rate_structure"):
        if not isinstance(node, yaml.MappingNode):
            unread[name] = f"line {_line(key)}: the class {name} holds no keys"
            continue
        entries = {
            inner: Entry(budget.value(value), _line(inner_key)) for inner, (inner_key, value) in _pairs(node, at=name)
        }
        classes[name] = OwrsClass(name, _line(key), entries)
    rest = {name: budget.value(node) for name, (_, node) in top.items()}
    metadata = rest.pop("metadata", {})
    return OwrsFile(metadata if isinstance(metadata, dict) else {}, rest, classes, unread)


def plain(node: yaml.Node) -> Value:
    """A YAML node as values; raises `WrongFormat` for a key said twice."""
    return _Budget().value(node)


def is_nothing(value: Value) -> bool:
    """Whether nothing stands there (YAML's null).

    >>> is_nothing(Bare("~")), is_nothing("0")
    (True, False)
    """
    return isinstance(value, Bare) and value.lower() in ("", "~", "null")


def _root(text: str) -> yaml.Node:
    try:
        deep = too_deep(text, loader=_LOADER)
        if deep is not None:
            raise _refused("it nests too deeply", deep, "YAML", "values in values", f"at most {DEEPEST} levels")
        nodes = list(yaml.compose_all(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        lines = text.splitlines()
        found = lines[line - 1].strip() if line <= len(lines) else "the end of the file"
        raise _refused(f"it is not valid YAML: {error.problem or error.context}", line, "YAML", found,
                       "YAML as the specification writes it") from error  # fmt: skip
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise _refused(f"it is not valid YAML: {reason}", 1, "YAML", "", "YAML text") from error
    if not nodes:
        raise _refused("it holds nothing", 1, "file", "", "metadata and rate_structure")
    second = next(
        (node for node in nodes[1:] if not (isinstance(node, yaml.ScalarNode) and node.tag == _NULL_TAG)), None
    )
    if second is not None:
        raise _refused("a second document begins in it", _line(second), "YAML", "---", "one document")
    return nodes[0]


def _refused(reason: str, line: int, field: str, found: str, expected: str) -> WrongFormat:
    return WrongFormat(reason, line=line, field=field, found=found, expected=expected)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _pairs(
    node: yaml.Node, *, at: str, within: tuple[int, ...] = (), merges: Iterator[int] | None = None
) -> Iterator[tuple[str, tuple[yaml.Node, yaml.Node]]]:
    """Keys of a mapping with their nodes; a key said twice refuses the file.

    ``within`` are the mappings this one is merged into, ``merges`` counts what is merged: a mapping merged into
    itself, or mergers that multiply each other, never end.
    """
    counted = iter(range(_MERGES)) if merges is None else merges
    if not isinstance(node, yaml.MappingNode):
        raise _refused(f"{at} is not a mapping", _line(node), at, shortened(str(node.value), 40), "keys with values")
    seen: dict[str, int] = {}
    merged: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if key.tag == _MERGE_TAG:
            for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if id(part) in (*within, id(node)) or next(counted, None) is None:
                    raise _refused(f"{at} is merged without end", _line(part), at, "a merge key", "a plain file")
                inner = _pairs(part, at=at, within=(*within, id(node)), merges=counted)
                merged = {**dict(inner), **merged}
            continue
        if not isinstance(key, yaml.ScalarNode):
            raise _refused(f"{at} has a key that is no word", _line(key), at, "a list or mapping", "a key")
        name, line = str(key.value), _line(key)
        if name in seen:
            reason = f"the key {name} stands twice in {at}, first on line {seen[name]}"
            raise _refused(reason, line, name, "the same key again", "each key once")
        seen[name] = line
        yield name, (key, value)
    yield from ((name, pair) for name, pair in merged.items() if name not in seen)


class _Budget:
    """Turns nodes into values, counting them: anchors may repeat a part, not blow a file up."""

    def __init__(self) -> None:
        self.left, self.depth = _NODES, 0

    def value(self, node: yaml.Node) -> Value:
        self.left -= 1
        self.depth += 1
        if self.left < 0 or self.depth > DEEPEST:
            raise _refused("it nests or repeats itself without end", _line(node), "YAML", "", "a plain file")
        try:
            if isinstance(node, yaml.ScalarNode):
                return str(node.value) if node.tag == _TEXT_TAG else Bare(node.value)
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item) for item in node.value]
            return {name: self.value(value) for name, (_, value) in _pairs(node, at="a mapping")}
        finally:
            self.depth -= 1
