"""What differs between two versions of a tariff: every charge added, removed or changed, number by number.

Charges are matched by id, dated prices by their date, tiers by their place. The words of a label are data of the
document, so sentences leave the label to whoever shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import yaml

from meterbook.engine.rates.document import read_document
from meterbook.engine.trace import N_, Step, Value

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another, new, or gone: its path in the later document (the earlier, if gone), as written."""

    path: str
    old: str | None
    new: str | None
    step: Step

    @property
    def is_number(self) -> bool:
        """Whether it is a number on both sides."""
        return _number(self.old) is not None and _number(self.new) is not None


@dataclass(frozen=True, slots=True)
class Difference:
    """One charge that differs, or the version's own rules (``component`` is then '' and ``label`` empty)."""

    component: str
    label: dict[str, str]
    kind: Literal["added", "removed", "changed"]
    step: Step
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A value of a charge: its path in the document, and what is written there."""

    path: str
    value: str


def differences(
    before: str, after: str, *, before_version: str | None = None, after_version: str | None = None
) -> tuple[Difference, ...]:
    """What differs from one version to another (each the last of its text, unless named), rules first, then charges.

    Charges stand in the later version's order, those that are gone at the end. Raises `TariffError` for a text that
    is no document, and ``KeyError`` for a version that is not there.
    """
    old_node, old_path = _version(before, before_version)
    new_node, new_path = _version(after, after_version)
    found = [_rules(old_node, old_path, new_node, new_path)]
    old, new = _charges(old_node, old_path), _charges(new_node, new_path)
    for name, (node, path) in new.items():
        if name not in old:
            found.append(Difference(name, _label(node), "added", Step(N_("This charge is new.")), ()))
            continue
        changes = _changes(_leaves(*old[name]), _leaves(node, path))
        if changes:
            step = Step(N_("This charge has changed; values that differ: {count}"), {"count": len(changes)})
            found.append(Difference(name, _label(node), "changed", step, changes))
    gone = [name for name in old if name not in new]
    words = Step(N_("This charge is no longer made."))
    found += [Difference(name, _label(old[name][0]), "removed", words, ()) for name in gone]
    return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """One version that is new, gone, or says something else, with what differs in it (nothing, if new or gone)."""

    version: str
    kind: Literal["added", "removed", "changed"]
    step: Step
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class DocumentDifference:
    """All that differs between two documents: the schedule's own words, and every version that is not the same."""

    changes: tuple[Change, ...]
    versions: tuple[VersionDifference, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.versions)


def document_differences(old: str, new: str) -> DocumentDifference:
    """What differs from one whole document to another: versions are matched by name, in the later one's order.

    Everything that is said of the schedule itself counts (title, eligibility, commodity, unit), and an earlier version
    as much as the last. Raises `TariffError` for a text that is no document.
    """
    before, after = (_entries(read_document(text, file="document").node) for text in (old, new))
    own: list[dict[str, _Leaf]] = [
        {key: leaf for step in one if step != "versions" for key, leaf in _leaves(one[step], step, step).items()}
        for one in (before, after)
    ]
    earlier, later = ([_scalar(_entries(node).get("version")) for node in _items(one.get("versions"))]
                      for one in (before, after))  # fmt: skip
    found: list[VersionDifference] = []
    for name in later:
        if name not in earlier:
            found.append(VersionDifference(name, "added", Step(N_("This version is new.")), ()))
            continue
        told = differences(old, new, before_version=name, after_version=name)
        if told:
            step = Step(N_("This version has changed; parts that differ: {count}"), {"count": len(told)})
            found.append(VersionDifference(name, "changed", step, told))
    gone = Step(N_("This version stands no longer."))
    found += [VersionDifference(name, "removed", gone, ()) for name in earlier if name not in later]
    return DocumentDifference(_changes(*own), tuple(found))


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _scalar(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _version(text: str, version: str | None) -> tuple[yaml.Node, str]:
    """A version's place in the document."""
    listed = _items(_entries(read_document(text, file="document").node).get("versions"))
    named = {_scalar(_entries(node).get("version")): at for at, node in enumerate(listed)}
    at = named[version] if version is not None else len(listed) - 1
    if at < 0:
        raise KeyError("versions")
    return listed[at], f"versions[{at}]"


def _charges(version: yaml.Node, path: str) -> dict[str, tuple[yaml.Node, str]]:
    """Charges by id, in order."""
    listed = _items(_entries(version).get("components"))
    return {_scalar(_entries(node).get("id")): (node, f"{path}.components[{at}]") for at, node in enumerate(listed)}


def _label(charge: yaml.Node) -> dict[str, str]:
    return {language: _scalar(words) for language, words in _entries(_entries(charge).get("label")).items()}


def _leaves(node: yaml.Node, path: str, key: str = "") -> dict[str, _Leaf]:
    """Every value below a place, by what it is matched by: its path, with dates in place of indexes."""
    if isinstance(node, yaml.ScalarNode):
        return {key: _Leaf(path, str(node.value))}
    found: dict[str, _Leaf] = {}
    for step, child in _entries(node).items():
        found |= _leaves(child, f"{path}.{step}" if path else step, f"{key}.{step}" if key else step)
    for at, child in enumerate(_items(node)):
        since = _scalar(_entries(child).get("from"))
        found |= _leaves(child, f"{path}[{at}]", f"{key}[{since or at}]")
    return found


def _rules(old: yaml.Node, old_path: str, new: yaml.Node, new_path: str) -> Difference | None:
    """What differs in everything of a version but its charges and its name."""

    def leaves(node: yaml.Node, path: str) -> dict[str, _Leaf]:
        found: dict[str, _Leaf] = {}
        for step, child in _entries(node).items():
            if step not in ("version", "components"):
                found |= _leaves(child, f"{path}.{step}", step)
        return found

    changes = _changes(leaves(old, old_path), leaves(new, new_path))
    before, after = list(_charges(old, old_path)), list(_charges(new, new_path))
    moved = [name for name in before if name in after] != [name for name in after if name in before]
    if moved:
        changes = (
            *changes,
            Change(f"{new_path}.components", None, None, Step(N_("The charges stand in another order."))),
        )
    step = Step(N_("The rules of the version have changed; values that differ: {count}"), {"count": len(changes)})
    return Difference("", {}, "changed", step, changes) if changes else None


def _changes(old: Mapping[str, _Leaf], new: Mapping[str, _Leaf]) -> tuple[Change, ...]:
    """Values that differ, in the later document's order, those that are gone at the end."""
    found: list[Change] = []
    for key, leaf in new.items():
        was = old.get(key)
        if was is None:
            words = N_("{place} is new: {new}.")
            found.append(Change(leaf.path, None, leaf.value, Step(words, {"place": key, "new": _inside(leaf.value)})))
        elif not _same(was.value, leaf.value):
            found.append(Change(leaf.path, was.value, leaf.value, _sentence(key, was.value, leaf.value)))
    for key, leaf in old.items():
        if key not in new:
            words = N_("{place} is gone; it was {old}.")
            found.append(Change(leaf.path, leaf.value, None, Step(words, {"place": key, "old": _inside(leaf.value)})))
    return tuple(found)


def _inside(value: str) -> str:
    """A text as it stands within a sentence, that brings the full stop itself."""
    return value.rstrip().removesuffix(".")


def _number(value: str | None) -> Decimal | None:
    return Decimal(value) if value is not None and _NUMBER.fullmatch(value) else None


def _same(old: str, new: str) -> bool:
    """Equal as written, or as numbers: 5.8 and 5.80 charge the same."""
    one, other = _number(old), _number(new)
    return old == new if one is None or other is None else one == other


def _percent(old: Decimal, new: Decimal) -> str:
    """How much more, in percent with its sign; '' from nothing."""
    if not old:
        return ""
    return f"{((new - old) * 100 / abs(old)).quantize(_TENTH, rounding=ROUND_HALF_UP):+f}%"


#: How a changed number is said, by where it stands; groups of the pattern are values of the sentence.
_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"price"), N_("The price goes from {old} to {new} ({percent}).")),
    (re.compile(r"percent"), N_("The percentage goes from {old} to {new}.")),
    (re.compile(r"tiers\[(?P<at>\d+)\]\.price"), N_("The price of tier {tier} goes from {old} to {new} ({percent}).")),
    (re.compile(r"tiers\[(?P<at>\d+)\]\.up_to"), N_("Tier {tier} ends at {new} instead of {old}.")),
    (re.compile(r"prices\[(?P<key>\d{4}-\d{2}-\d{2})\]\.price"),
     N_("The price from {key} on goes from {old} to {new} ({percent}).")),
    (re.compile(r"prices\.(?P<key>.+)"), N_("The price for {key} goes from {old} to {new} ({percent}).")),
)  # fmt: skip


def _sentence(key: str, old: str, new: str) -> Step:
    """One changed value in words."""
    one, other = _number(old), _number(new)
    values: dict[str, Value] = {"place": key, "old": old, "new": new}
    if one is None or other is None:
        values |= {"old": _inside(old), "new": _inside(new)}
        return Step(N_("{place} is now {new} instead of {old}."), values)
    values["percent"] = _percent(one, other)
    for pattern, words in _SAID:
        match = pattern.fullmatch(key)
        if match is None or ("{percent}" in words and not values["percent"]):
            continue
        values |= match.groupdict()
        if "at" in values:
            values["tier"] = int(match["at"]) + 1
        return Step(words, values)
    return Step(N_("{place} goes from {old} to {new}."), values)
