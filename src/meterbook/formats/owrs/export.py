"""Tariff documents as one OWRS file: what the document's origin said, or what the document itself says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from meterbook.engine.rates.tariff import Tariff, parse_tariff
from meterbook.formats.owrs.classes.charges import Charges
from meterbook.formats.owrs.classes.scope import Scope
from meterbook.formats.owrs.document import Bare, Entry, OwrsClass, OwrsFile, Value, plain
from meterbook.formats.owrs.native import FORMAT, Converted, convert
from meterbook.formats.owrs.saying import Saying

#: Settings that change no amount, so that a document may have its own and still say what its origin said.
_UNCHARGED = ("label", "revenue", "source", "taxes")
_FREQUENCIES = ((7, "Weekly"), (14, "Biweekly"), (30, "Monthly"), (61, "Bi-Monthly"), (91, "Quarterly"),
                (182, "Semi-Annually"), (365, "Annually"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """One class written from one document, and sentences on what OWRS does not say of it."""

    metadata: Mapping[str, Value]
    rest: Mapping[str, Value]
    owrs_class: OwrsClass
    remarks: tuple[str, ...]


def export(text: str, *, file: str) -> Exported:
    """A tariff document as one OWRS class; raises `TariffError` if the document is none."""
    tariff = parse_tariff(text, file=file)
    document = _plain_text(text)
    kept = _kept(document)
    if kept is None:
        return _said(tariff, OwrsClass(_class_name(tariff.schedule), 0, {}), {}, {}, None)
    file_, one = kept
    try:
        again = convert(file_, one.name, file="")
    except ValueError:
        again = None
    if again is not None and _charging(document) == _charging(_plain_text(again.text)):
        return Exported(file_.metadata, file_.rest, one, ())
    return _said(tariff, one, file_.metadata, file_.rest, again)


def together(parts: Sequence[Exported]) -> tuple[OwrsFile, list[str]]:
    """One file of several classes, under the metadata of the first; and what could not be put together."""
    remarks: list[str] = []
    classes: dict[str, OwrsClass] = {}
    for part in parts:
        one = part.owrs_class
        if one.name in classes:
            remarks.append(f"the class {one.name} stands in two documents: the second one is left out")
            continue
        if dict(part.metadata) != dict(parts[0].metadata):
            differing = sorted(name for name in {*part.metadata, *parts[0].metadata}
                               if part.metadata.get(name) != parts[0].metadata.get(name))  # fmt: skip
            remarks.append(f"{one.name} states its own {', '.join(differing)}: the file has those of "
                           f"{parts[0].owrs_class.name}")  # fmt: skip
        classes[one.name] = one
    return OwrsFile(parts[0].metadata, parts[0].rest, classes, {}), remarks


def _plain_text(text: str) -> dict[str, Value]:
    node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    said = {} if node is None else plain(node)
    return said if isinstance(said, dict) else {}


def _kept(document: Mapping[str, Value]) -> tuple[OwrsFile, OwrsClass] | None:
    origin = document.get("origin")
    if not isinstance(origin, dict) or origin.get("format") != FORMAT:
        return None
    name, keys = origin.get("class"), origin.get("keys")
    if not isinstance(name, str) or not isinstance(keys, dict):
        return None
    metadata, rest = origin.get("metadata", {}), origin.get("rest", {})
    one = OwrsClass(str(name), 0, {key: Entry(value, 0) for key, value in keys.items()})
    return OwrsFile(metadata if isinstance(metadata, dict) else {}, rest if isinstance(rest, dict) else {},
                    {one.name: one}, {}), one  # fmt: skip


def _charging(document: Mapping[str, Value]) -> Value:
    """What of a document makes amounts, in a form that can be compared."""
    versions: list[Value] = []
    stated = document.get("versions")
    for version in stated if isinstance(stated, list) else []:
        if not isinstance(version, dict):
            continue
        components = version.get("components")
        bare: list[Value] = [
            {key: value for key, value in one.items() if key not in _UNCHARGED}
            for one in (components if isinstance(components, list) else [])
            if isinstance(one, dict)
        ]
        names = ("effective", "inputs", "values", "seasons")
        kept: dict[str, Value] = {key: version[key] for key in names if key in version}
        versions.append({**kept, "components": bare})
    return {"unit": document.get("unit", ""), "versions": versions}


def _said(tariff: Tariff, one: OwrsClass, metadata: Mapping[str, Value], rest: Mapping[str, Value],
          before: Converted | None) -> Exported:  # fmt: skip
    version = tariff.versions[-1]
    renamed = {} if before is None else {asked.native: asked.owrs for asked in before.asked if asked.native != "usage"}
    saying = Saying(version, renamed)
    keys = saying.say()
    remarks = list(dict.fromkeys(saying.remarks))
    if before is not None or one.entries:
        remarks.insert(0, "the document does not charge what its origin says: the class is written from the document")
    if len(tariff.versions) > 1:
        remarks.append(f"only the version {version.version} is written; OWRS has one a file")
    bill_keys = set(keys)
    unused = _unused(one)
    keys = {**{key: value for key, value in unused.items() if key not in bill_keys}, **keys}
    made = OwrsClass(one.name, 0, {key: Entry(value, 0) for key, value in keys.items()})
    scope = Scope(made)
    for at, name in dict.fromkeys(saying.read):
        if scope.key(name, at) not in (None, name):
            remarks.append(f"{name} in {at} means {scope.key(name, at)} in OWRS: give one of them another name")
    stated: dict[str, Value] = {
        **metadata,
        "effective_date": Bare(version.effective.isoformat()),
        "utility_name": version.source.utility,
        "bill_frequency": min(_FREQUENCIES, key=lambda each: abs(each[0] - version.proration.normal_days))[1],
        "bill_unit": tariff.unit,
    }
    if version.source.url.startswith("http"):
        stated["prop_218_link"] = version.source.url
    return Exported(stated, rest, made, tuple(remarks))


def _unused(one: OwrsClass) -> dict[str, Value]:
    """Keys of the origin that no amount rests on, carried along."""
    if "bill" not in one.entries:
        return {}
    scope = Scope(one)
    charges = Charges(scope)
    try:
        charges.bill()
    except ValueError:
        return {}
    return {key: one.entries[key].value for key in scope.unused()}


def _class_name(schedule: str) -> str:
    """A class name from a schedule code.

    >>> _class_name("W-RES")
    'W_RES'
    """
    return re.sub(r"[^A-Z0-9]+", "_", schedule.upper()).strip("_") or "CLASS"
