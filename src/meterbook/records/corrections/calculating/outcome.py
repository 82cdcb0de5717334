"""What becomes of each standing segment: left as it is, taken back, billed anew, or beyond the limit."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from meterbook.engine.billing.corrections.changes import stands
from meterbook.engine.billing.corrections.limits import Difference, Verdict, judged
from meterbook.engine.billing.corrections.policy import BackBilling
from meterbook.records.corrections.calculating.rebill import Rebilled
from meterbook.records.corrections.calculating.standing import figures_by
from meterbook.records.corrections.models import CorrectionCase


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one segment was and becomes in cents; ``key`` None: a charge to an account it was not billed to.

    ``kept`` are the rows of new segments that go on bills.
    """

    key: int | None
    account: int
    service_point: int
    days: tuple[Any, Any]
    outcome: str
    was_cents: int
    becomes_cents: int
    detail: dict[str, Any] = field(default_factory=dict)
    kept: tuple[int, ...] = ()


def outcomes(
    case: CorrectionCase, standing: pl.DataFrame, lines: pl.DataFrame, again: Rebilled, rules: BackBilling
) -> list[Outcome]:
    """One outcome a standing segment, and one for each account newly charged for its days."""
    before, after = figures_by(lines, "key"), _after(again)
    segments = pl.concat(again.segments) if again.segments else pl.DataFrame()
    by_key: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in segments.iter_rows(named=True):
        by_key[row["key"]].append(row)
    originals = {row["key"]: row for row in standing.iter_rows(named=True)}
    made: list[Outcome] = []
    changed: dict[int, dict[str, Any]] = {}
    for key, was in originals.items():
        if key in again.held:
            reason, detail = again.held[key]
            made.append(_same(was, "held", {"reason": reason, "detail": detail}))
        elif _unchanged(was, by_key[key], before.get(key, []), after):
            made.append(_same(was, "unchanged", {}))
        else:
            changed[key] = was
    verdicts = _judged(case, changed, by_key, rules)
    for key, was in changed.items():
        made += _corrected(was, by_key[key], verdicts)
    return made


def _after(again: Rebilled) -> dict[int, Any]:
    return figures_by(pl.concat(again.lines), "row") if again.lines else {}


def _unchanged(was: dict[str, Any], rows: list[dict[str, Any]], lines: list[Any], after: dict[int, Any]) -> bool:
    if len(rows) != 1:
        return False
    new = rows[0]
    same = ("account", "agreement", "schedule", "starts", "ends")
    return all(was[name] == new[name] for name in same) and stands(
        lines, after.get(new["row"], []), json.loads(was["inputs"]), json.loads(new["inputs"])
    )


def _same(was: dict[str, Any], outcome: str, detail: dict[str, Any]) -> Outcome:
    days = (was["starts"], was["ends"])
    return Outcome(
        was["key"], was["account"], was["service_point"], days, outcome, was["amount"], was["amount"], detail
    )


def _judged(
    case: CorrectionCase, changed: dict[int, dict[str, Any]], by_key: dict[int, list[dict[str, Any]]],
    rules: BackBilling,
) -> dict[tuple[int, int], Verdict]:  # fmt: skip
    """A verdict for each segment and account: the account that was billed, and any other that is charged its days."""
    named: list[tuple[int, int]] = []
    asked: list[Difference] = []
    for key, was in changed.items():
        sums: dict[int, int] = defaultdict(int, {was["account"]: -was["amount"]})
        for row in by_key[key]:
            sums[row["account"]] += row["amount"]
        for account, cents in sums.items():
            unit = (account, was["service_point"])
            asked.append(Difference(len(named), unit, was["premise_class"], was["starts"], was["ends"], cents))
            named.append((key, account))
    found = judged(asked, rules, cause=case.cause, discovered_on=case.discovered_on)
    return {pair: found[at] for at, pair in enumerate(named)}


def _corrected(
    was: dict[str, Any], rows: list[dict[str, Any]], verdicts: dict[tuple[int, int], Verdict]
) -> list[Outcome]:
    """What is taken back and charged for one segment's days.

    Whoever was billed decides whether the segment is taken back at all; others are charged only if it is.
    """
    key, days = was["key"], (was["starts"], was["ends"])
    mine = [row for row in rows if row["account"] == was["account"]]
    others = sorted({row["account"] for row in rows} - {was["account"]})
    verdict = verdicts[key, was["account"]]
    becomes = sum(row["amount"] for row in mine)
    outcome = "outside" if not verdict.inside else "corrected" if rows else "cancelled"
    kept = tuple(row["row"] for row in mine) if verdict.inside else ()
    point = was["service_point"]
    made = [Outcome(key, was["account"], point, days, outcome, was["amount"], becomes, _rule(verdict), kept)]
    for account in others:
        theirs = [row for row in rows if row["account"] == account]
        own = verdicts[key, account]
        charged = verdict.inside and own.inside
        cents = sum(row["amount"] for row in theirs)
        rule = _rule(own if not own.inside else verdict)
        outcome, kept = ("charged", tuple(row["row"] for row in theirs)) if charged else ("outside", ())
        made.append(Outcome(None, account, point, days, outcome, 0, cents, rule, kept))
    return made


def _rule(verdict: Verdict) -> dict[str, Any]:
    """The limit a period was judged by, as it is kept with the case."""
    found: dict[str, Any] = {"direction": verdict.direction}
    if verdict.limit is not None:
        found |= {"months": verdict.limit.months, "citation": verdict.limit.citation}
    if verdict.since is not None:
        found["since"] = verdict.since.isoformat()
    return found
