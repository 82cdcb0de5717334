"""An Atom feed of ESPI resources, read entry by entry: no entities, no DTD, no network, little memory.

>>> feed = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>'
>>> list(entries(feed))
[Entry(line=1, kind='', href='', up='', related=(), fields={}, readings=(), period=None)]
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from meterbook.formats.contract import WrongFormat
from meterbook.formats.espi.words import ATOM, ESPI

_FEED, _ENTRY = f"{ATOM}feed", f"{ATOM}entry"


@dataclass(frozen=True, slots=True)
class Reading:
    """One IntervalReading in the file's own words; '' where it says nothing."""

    line: int
    start: str
    duration: str
    value: str
    qualities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource: its kind ('' for an entry without content), its own link, its parent's, those it names.

    `fields` are the texts of its children by name (of a child with one text child, too, such as ServiceCategory).
    `readings` and `period` (start, duration) are those of an IntervalBlock; `unread` names children not understood.
    """

    line: int
    kind: str
    href: str
    up: str
    related: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    period: tuple[str, str] | None = None


def entries(data: bytes) -> Iterator[Entry]:
    """Each resource of the feed in its order; an entry of several blocks yields several.

    Raises `WrongFormat` for what is no Atom feed, is not well-formed, or declares entities.
    """
    events = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), tag=(_FEED, _ENTRY), resolve_entities=False, no_network=True,
        load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False,
    )  # fmt: skip
    seen = False
    try:
        for event, element in events:
            if not seen:
                _check_root(element)
                seen = True
            if event == "end" and element.tag == _ENTRY:
                yield from _resources(element)
                _forget(element)
        if not seen:
            _check_root(events.root)
    except etree.LxmlError as error:
        line = getattr(error, "lineno", None) or 0
        lines = data.split(b"\n", line)
        found = lines[line - 1].decode("utf-8", "replace").strip() if 0 < line <= len(lines) else ""
        reason = f"not well-formed XML ({str(error).split(', line')[0]})"
        raise WrongFormat(reason, line=line, field="XML", found=found, expected="a complete XML file") from error


def _check_root(element: Any) -> None:
    info = element.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise WrongFormat("a document type is declared", line=1, field="DOCTYPE", found=info.doctype, expected="none")
    if element.tag not in (_FEED, _ENTRY):
        raise WrongFormat("not a Green Button feed", line=element.sourceline or 1, field="root", found=str(element.tag),
                          expected=f"{_FEED}")  # fmt: skip


def _forget(element: Any) -> None:
    """Free what was read, so that a long feed needs no more memory than its values."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _resources(element: Any) -> Iterator[Entry]:
    links = [(link.get("rel", ""), path_of(link.get("href", ""))) for link in element.iterchildren(f"{ATOM}link")]
    href = next((path for rel, path in links if rel == "self"), "")
    up = next((path for rel, path in links if rel == "up"), "")
    related = tuple(path for rel, path in links if rel == "related")
    found = [child for content in element.iterchildren(f"{ATOM}content") for child in content]
    if not found:
        yield Entry(element.sourceline or 0, "", href, up, related)
    for child in found:
        kind = child.tag.removeprefix(ESPI) if isinstance(child.tag, str) else "an entity"
        line = child.sourceline or 0
        if kind != "IntervalBlock":
            yield Entry(line, kind, href, up, related, _texts(child))
            continue
        readings = tuple(_reading(each) for each in child.iterchildren(f"{ESPI}IntervalReading"))
        known = (f"{ESPI}IntervalReading", f"{ESPI}interval", f"{ESPI}extension", f"{ESPI}batchItemInfo")
        unread = next((str(each.tag) for each in child if each.tag not in known), None)
        period = child.find(f"{ESPI}interval")
        said = None if period is None else (_text(period, "start"), _text(period, "duration"))
        fields = {} if unread is None else {"unread": unread}
        yield Entry(line, kind, href, up, related, fields, readings, said)


def path_of(href: str) -> str:
    """A link without server, query and outer slashes, so that relative and absolute ones compare.

    >>> path_of("https://utility.example/UsagePoint/1/"), path_of("/UsagePoint/1")
    ('UsagePoint/1', 'UsagePoint/1')
    """
    try:
        return urlsplit(href.strip()).path.strip("/")
    except ValueError:
        return href.strip()


def _texts(element: Any) -> dict[str, str]:
    found = {}
    for child in element.iterchildren(f"{ESPI}*"):
        inner = child if len(child) == 0 else child[0]
        found[child.tag.removeprefix(ESPI)] = (inner.text or "").strip()
    return found


def _text(element: Any, name: str) -> str:
    found = element.findtext(f"{ESPI}{name}")
    return "" if found is None else found.strip()


def _reading(element: Any) -> Reading:
    period = element.find(f"{ESPI}timePeriod")
    start, duration = ("", "") if period is None else (_text(period, "start"), _text(period, "duration"))
    qualities = tuple(_text(each, "quality") for each in element.iterchildren(f"{ESPI}ReadingQuality"))
    return Reading(element.sourceline or 0, start, duration, _text(element, "value"), qualities)
