"""One account's two bills beside each other: parts paired by service and days, every part compared by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from meterbook.engine.billing.parallel import Compared, OurPart, TheirLine, TheirPart, compare
from meterbook.formats.bills_csv import BillLine
from meterbook.records.parallel.mapping import Mapping
from meterbook.records.parallel.ours import OurBill


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an account fared: outcome, both sums in cents (none where a side has no bill) and its parts as JSON."""

    outcome: str
    ours_cents: int | None
    theirs_cents: int | None
    parts: list[dict[str, Any]]


def compare_account(ours: OurBill | None, theirs: Sequence[BillLine], mapping: Mapping) -> Outcome:
    """Compare one account; at least one side has a bill. It is explained only if every part is equal or explained."""
    mine: dict[str, list[tuple[str, OurPart]]] = {}
    for service, point, part in ours.parts if ours is not None else ():
        mine.setdefault(service, []).append((point, part))
    told = _their_parts(theirs, mapping)
    parts = []
    for service in sorted({*mine, *told}):
        for point, one, other in _paired(mine.get(service, []), told.get(service, [])):
            parts.append(_part(service, point, one, other))
    outcomes = {part["outcome"] for part in parts}
    if "unexplained" in outcomes or not ours or not theirs:
        outcome = "unexplained"
    else:
        outcome = "explained" if "explained" in outcomes else "equal"
    return Outcome(
        outcome,
        None if ours is None else ours.cents,
        sum(line.amount_cents for line in theirs) if theirs else None,
        parts,
    )


def _their_parts(lines: Sequence[BillLine], mapping: Mapping) -> dict[str, list[tuple[str, TheirPart]]]:
    """Their lines by service: one part for each point and pair of dates."""
    found: dict[tuple[Any, ...], list[BillLine]] = {}
    for line in lines:
        key = (mapping.service(line.service), line.point, line.starts, line.ends, line.usage)
        found.setdefault(key, []).append(line)
    parts: dict[str, list[tuple[str, TheirPart]]] = {}
    for (service, point, starts, ends, usage), members in found.items():
        said = tuple(
            TheirLine(mapping.components(line.charge), line.label or line.charge, line.price, line.amount_cents)
            for line in members
        )
        parts.setdefault(service, []).append((point, TheirPart(starts, ends, usage, said)))
    return parts


_Pair = tuple[str, OurPart | None, TheirPart | None]


def _paired(mine: list[tuple[str, OurPart]], theirs: list[tuple[str, TheirPart]]) -> list[_Pair]:
    """Pair parts of one service: by point and days, by point, by days, then in order; what is left stays alone."""
    left, right = list(mine), list(theirs)
    pairs: list[_Pair] = []
    for fits in (_same_point_and_days, _same_point, _same_days, _any):
        for point, part in list(left):
            match = next((each for each in right if fits(point, part, *each)), None)
            if match is not None:
                pairs.append((point, part, match[1]))
                left.remove((point, part))
                right.remove(match)
    return pairs + [(point, part, None) for point, part in left] + [(point, None, part) for point, part in right]


def _same_days(point: str, ours: OurPart, _their_point: str, theirs: TheirPart) -> bool:
    return (ours.starts, ours.ends) == (theirs.starts, theirs.ends)


def _same_point(point: str, ours: OurPart, their_point: str, theirs: TheirPart) -> bool:
    return point == their_point


def _same_point_and_days(point: str, ours: OurPart, their_point: str, theirs: TheirPart) -> bool:
    return point == their_point and _same_days(point, ours, their_point, theirs)


def _any(point: str, ours: OurPart, their_point: str, theirs: TheirPart) -> bool:
    return not their_point


def _part(service: str, point: str, ours: OurPart | None, theirs: TheirPart | None) -> dict[str, Any]:
    told: dict[str, Any] = {"service": service, "point": point}
    if ours is not None:
        usage = ours.facts.get("usage")
        told["ours"] = {"from": str(ours.starts), "to": str(ours.ends), "usage": None if usage is None else str(usage)}
    if theirs is not None:
        told["theirs"] = {
            "from": theirs.starts and str(theirs.starts), "to": theirs.ends and str(theirs.ends),
            "usage": None if theirs.usage is None else str(theirs.usage),
        }  # fmt: skip
    if ours is not None and theirs is not None:
        return told | _said(compare(ours, theirs))
    alone = ours.lines if ours is not None else theirs.lines if theirs is not None else ()
    groups = [
        {
            "components": [line.component] if hasattr(line, "component") else [],
            "theirs": [] if ours is not None else [getattr(line, "label", "")],
            "ours_cents": line.amount_cents if ours is not None else 0,
            "theirs_cents": 0 if ours is not None else line.amount_cents,
        }
        for line in alone
    ]
    settled = all(line.amount_cents == 0 for line in alone)
    return told | {"outcome": "equal" if settled else "unexplained", "causes": [], "groups": groups}


def _said(found: Compared) -> dict[str, Any]:
    groups = [
        {
            "components": list(group.components), "theirs": list(group.theirs), "ours_cents": group.ours_cents,
            "theirs_cents": group.theirs_cents,
        }
        for group in found.groups
    ]  # fmt: skip
    return {"outcome": found.outcome, "causes": [asdict(cause) for cause in found.causes], "groups": groups}
