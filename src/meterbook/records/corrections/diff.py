"""What a calculated case changes, before anything posts: each segment, each line, each read, beside what it was."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from meterbook.engine.billing.corrections.changes import ChangedLine, LineFigures, paired
from meterbook.engine.quantity import unscaled
from meterbook.records.billing.partitions import LINE, SEGMENT, table_of
from meterbook.records.corrections.models import CaseItem, CorrectionCase
from meterbook.records.platform.models import Document
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.queries import tariff_of


@dataclass(frozen=True, slots=True)
class Side:
    """One segment as it was, or as it becomes: its schedule, facts, reads and lines."""

    schedule: str
    document: Document
    starts: date
    ends: date
    amount_cents: int
    facts: dict[str, Decimal | str]
    pieces: list[dict[str, Any]]
    lines: list[LineFigures]


@dataclass(frozen=True, slots=True)
class Change:
    """A line beside what it was; ``label`` in every language, versions named where they differ."""

    label: dict[str, str]
    line: ChangedLine

    @property
    def was_cents(self) -> int | None:
        """The amount on the posted bill, if it had the line."""
        return self.line.was.amount_cents if self.line.was else None

    @property
    def becomes_cents(self) -> int | None:
        """The amount on the corrected bill, if it has the line."""
        return self.line.becomes.amount_cents if self.line.becomes else None

    @property
    def difference_cents(self) -> int:
        """What the line changes."""
        return self.line.difference_cents


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a segment changes: schedule, version, a fact, who pays; was and becomes as text, empty where there is none.

    ``what`` is schedule, version, decided, or the name of a determinant (usage, meter_size, …).
    """

    what: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One item of a case: what it was, what it becomes, line by line, and why."""

    item: CaseItem
    was: Side | None
    becomes: list[Side]
    changes: list[Change] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    @property
    def difference_cents(self) -> int:
        """What the item changes, or would change outside the limit."""
        return self.item.becomes_cents - self.item.was_cents

    @property
    def moves(self) -> bool:
        """Whether posting changes anything here."""
        return self.item.outcome in ("corrected", "cancelled", "charged")


_SIDE = """
SELECT s.id, s.service_point_id, b.account_id, s.kind, s.schedule_id, s.document_id, s.starts, s.ends, s.amount_cents,
       s.inputs::text, s.reverses_run_id, s.reverses_id
  FROM {segment} s JOIN billing_bill b ON b.id = s.bill_id
 WHERE s.run_id = %s AND s.service_point_id = ANY(%s) ORDER BY s.id
"""
_FIGURES = """
SELECT l.segment_id, l.component, l.part, l.version, l.starts, l.ends, l.quantity_e6, l.price_e8, l.amount_cents
  FROM {line} l WHERE l.run_id = %s AND l.segment_id = ANY(%s) ORDER BY l.segment_id, l.seq
"""
_BEFORE = """
SELECT s.id, s.run_id, s.schedule_id, s.document_id, s.starts, s.ends, s.amount_cents, s.inputs::text
  FROM billing_segment s JOIN unnest(%s::bigint[], %s::bigint[]) AS asked (run, id)
    ON asked.run = s.run_id AND asked.id = s.id WHERE s.run_id = ANY(%s)
"""


def differences(case: CorrectionCase, items: Sequence[CaseItem]) -> list[Difference]:
    """The items (with their account, bill and service point) beside what they become, in the order given."""
    documents: dict[int, Document] = {}
    schedules = dict(Schedule.objects.values_list("pk", "code"))
    before = _before(items, schedules, documents)
    after = _after(case, items, schedules, documents)
    return [_difference(item, before.get((item.segment_run_id, item.segment_id)), after) for item in items]


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _document(pk: int, documents: dict[int, Document]) -> Document:
    if pk not in documents:
        documents[pk] = Document.objects.get(pk=pk)
    return documents[pk]


def _side(row: tuple[Any, ...], lines: list[LineFigures], schedules: Any, documents: dict[int, Document]) -> Side:
    """``row``: schedule, document, starts, ends, amount, inputs."""
    inputs = json.loads(row[5])
    facts = {
        name: unscaled(value) if isinstance(value, int) else str(value)
        for name, value in inputs.get("determinants", {}).items()
        if value is not None
    }
    return Side(
        schedules[row[0]], _document(row[1], documents), row[2], row[3], row[4], facts, inputs.get("pieces") or [],
        lines,
    )  # fmt: skip


def _figures(rows: list[tuple[Any, ...]]) -> dict[int, list[LineFigures]]:
    found: dict[int, list[LineFigures]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(LineFigures(*row[1:]))
    return found


def _before(
    items: Sequence[CaseItem], schedules: dict[int, str], documents: dict[int, Document]
) -> dict[tuple[int | None, int | None], Side]:
    asked = [(item.segment_run_id, item.segment_id) for item in items if item.segment_id is not None]
    runs, ids = [run for run, _ in asked], [segment for _, segment in asked]
    rows = _rows(_BEFORE, [runs, ids, sorted({run for run in runs if run is not None})])
    found: dict[tuple[int | None, int | None], Side] = {}
    for run in {row[1] for row in rows}:
        mine = [row for row in rows if row[1] == run]
        lines = _figures(_rows(_FIGURES.format(line="billing_line"), [run, [row[0] for row in mine]]))
        found |= {(run, row[0]): _side(row[2:], lines[row[0]], schedules, documents) for row in mine}
    return found


def _after(
    case: CorrectionCase, items: Sequence[CaseItem], schedules: dict[int, str], documents: dict[int, Document]
) -> dict[tuple[int, int], list[Side]]:
    """New segments of the case's run by account and service point."""
    if case.run_id is None:
        return {}
    points = sorted({item.service_point_id for item in items})
    rows = _rows(_SIDE.format(segment=table_of(SEGMENT, case.run_id)), [case.run_id, points])
    charges = [row for row in rows if row[3] == "charge"]
    lines = _figures(
        _rows(_FIGURES.format(line=table_of(LINE, case.run_id)), [case.run_id, [row[0] for row in charges]])
    )
    found: dict[tuple[int, int], list[Side]] = defaultdict(list)
    for row in charges:
        found[row[2], row[1]].append(_side(row[4:10], lines[row[0]], schedules, documents))
    return found


def _difference(item: CaseItem, was: Side | None, after: dict[tuple[int, int], list[Side]]) -> Difference:
    if item.outcome not in ("corrected", "cancelled", "charged"):
        return Difference(item, was, [])
    mine = after.get((item.account_id, item.service_point_id), [])
    becomes = [side for side in mine if side.starts >= item.starts and side.ends <= item.ends]
    changes = [
        Change(_label(line, was, becomes), line)
        for line in paired(was.lines if was else [], [line for side in becomes for line in side.lines])
    ]
    return Difference(item, was, becomes, changes, _reasons(was, becomes))


def _label(changed: ChangedLine, was: Side | None, becomes: list[Side]) -> dict[str, str]:
    """What the line is called, by the side that has it, the newer first."""
    line = changed.becomes or changed.was
    sides = [*becomes, was] if changed.becomes else [was]
    for side in sides:
        if side is None or line is None or line not in side.lines:
            continue
        version = next(each for each in tariff_of(side.document).versions if each.version == line.version)
        component = version.component(line.component)
        return dict(component.settings.label_of(line.part) or component.label)
    raise LookupError(f"no side of the correction has the line {line}")


def _reasons(was: Side | None, becomes: list[Side]) -> list[Reason]:
    """What is different: schedules, versions of the tariff, facts; nothing where a side is missing altogether."""
    if was is None or not becomes:
        return []
    found = []
    schedules = ", ".join(dict.fromkeys(side.schedule for side in becomes))
    if schedules != was.schedule:
        found.append(Reason("schedule", was.schedule, schedules))
    before, after = _versions([was]), _versions(becomes)
    if before != after:
        found.append(Reason("version", before, after))
    for name in dict.fromkeys([*was.facts, *(name for side in becomes for name in side.facts)]):
        new = [side.facts.get(name) for side in becomes]
        if was.facts.get(name) not in new or len(set(new)) > 1:
            found.append(Reason(name, _plain(was.facts.get(name)), ", ".join(_plain(value) for value in new)))
    decided = {piece["decided"] for side in becomes for piece in side.pieces if piece.get("decided")}
    return found + [Reason("decided", "", why) for why in sorted(decided)]


def _versions(sides: list[Side]) -> str:
    return ", ".join(dict.fromkeys(line.version for side in sides for line in side.lines))


def _plain(value: Decimal | str | None) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def as_json(found: Difference) -> dict[str, Any]:
    """A difference as plain values: cents, dates, and lines as they were and become."""
    item = found.item
    return {
        "account": item.account.number, "bill": item.bill.number if item.bill else None,
        "service_point": item.service_point.code, "service": item.service_point.commodity, "starts": item.starts,
        "ends": item.ends, "outcome": item.outcome, "was_cents": item.was_cents, "becomes_cents": item.becomes_cents,
        "difference_cents": found.difference_cents, "detail": item.detail,
        "reasons": [asdict(reason) for reason in found.reasons],
        "lines": [
            {
                "label": change.label["en"], "was": asdict(change.line.was) if change.line.was else None,
                "becomes": asdict(change.line.becomes) if change.line.becomes else None,
                "difference_cents": change.difference_cents,
            }
            for change in found.changes
        ],
    }  # fmt: skip
