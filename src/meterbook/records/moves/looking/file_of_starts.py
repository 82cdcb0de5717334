"""A developer's file of starts: read whole, each row's problem with line, field, what was found, what is expected."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from io import StringIO

from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.moves.looking.standing import cycle_of, proposals
from meterbook.records.places.models import Premise
from meterbook.records.rates.models import Schedule

COLUMNS = ("street_number", "street", "unit", "postal_code", "starts", "schedules")
_MOST, _LONGEST = 2000, 2000


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be taken."""

    line: int
    field: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Row:
    """A premise and its first day; ``known`` where the account is served there since that day already."""

    line: int
    premise: Premise
    starts: date
    schedules: tuple[tuple[str, str], ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A file as read: every row that can be taken, every problem."""

    rows: tuple[Row, ...]
    problems: tuple[Wrong, ...]

    @property
    def fresh(self) -> tuple[Row, ...]:
        """The rows that would begin something."""
        return tuple(row for row in self.rows if not row.known)


def read_starts(text: str, account: Account, today: date) -> Read:
    """Read a file of starts for an account: CSV with `COLUMNS`; schedules like ``E-0=E-RES W-0=W-RES`` may be empty."""
    try:
        return _read(text, account, today)
    except csv.Error as broken:
        return Read((), (Wrong(1, "file", str(broken), "a CSV file"),))


def _read(text: str, account: Account, today: date) -> Read:
    if any(len(line) > _LONGEST for line in text.splitlines()):
        return Read((), (Wrong(1, "file", "a line too long", f"lines of at most {_LONGEST} characters"),))
    table = csv.reader(StringIO(text.lstrip("\ufeff").replace("\0", "")))
    head = [name.strip().lower() for name in next(table, [])]
    if tuple(head) != COLUMNS:
        return Read((), (Wrong(1, "header", ", ".join(head) or "nothing", ", ".join(COLUMNS)),))
    rows: list[Row] = []
    problems: list[Wrong] = []
    seen: dict[int, int] = {}
    for cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        if table.line_num > _MOST:
            problems.append(Wrong(table.line_num, "file", str(table.line_num), f"at most {_MOST} lines"))
            break
        made = _row(table.line_num, [cell.strip() for cell in cells], account, today)
        if isinstance(made, Wrong):
            problems.append(made)
        elif made.premise.pk in seen:
            problems.append(
                Wrong(
                    made.line, "street_number", made.premise.address, f"not the premise of line {seen[made.premise.pk]}"
                )
            )
        else:
            seen[made.premise.pk] = made.line
            rows.append(made)
    return Read(tuple(rows), tuple(problems))


def _row(line: int, cells: list[str], account: Account, today: date) -> Row | Wrong:
    if len(cells) != len(COLUMNS):
        return Wrong(line, "row", f"{len(cells)} cells", f"{len(COLUMNS)} cells")
    number, street, unit, postal, starts, schedules = cells
    premise = Premise.objects.filter(
        street_number__iexact=number, street__iexact=street, unit__iexact=unit, postal_code=postal
    ).first()
    if premise is None:
        return Wrong(line, "street", f"{number} {street} {unit} {postal}".strip(), "a premise on record")
    try:
        day = date.fromisoformat(starts)
    except ValueError:
        return Wrong(line, "starts", starts, "a date like 2026-09-08")
    if day > today:
        return Wrong(line, "starts", starts, f"a day up to {today}")
    served = ServiceAgreement.objects.filter(service_point__premise=premise, validity__contains=day)
    other = served.exclude(account=account).select_related("account__holder").first()
    if other is not None:
        return Wrong(line, "starts", starts, f"a day on which {other.account.number} is not served there")
    cycle = cycle_of(premise, day)
    if cycle is None or cycle.pk != account.cycle_id:
        return Wrong(line, "street", premise.address, f"a premise of cycle {account.cycle.code}")
    return _scheduled(line, premise, day, schedules, known=served.exists())


def _scheduled(line: int, premise: Premise, day: date, text: str, *, known: bool) -> Row | Wrong:
    points = {point.code: point for point in proposals(premise, day)}
    if not points:
        return Wrong(line, "street", premise.address, "a premise with service points")
    chosen = {code: point.schedule for code, point in points.items()}
    for pair in text.split():
        code, _, schedule = pair.partition("=")
        if code not in points:
            return Wrong(line, "schedules", pair, f"one of {', '.join(points)}")
        if not Schedule.objects.filter(code=schedule, commodity=points[code].commodity).exists():
            return Wrong(line, "schedules", pair, f"a schedule of {points[code].commodity}")
        chosen[code] = schedule
    missing = [code for code, schedule in chosen.items() if not schedule]
    if missing:
        return Wrong(line, "schedules", text or "nothing", f"a schedule for {missing[0]}")
    return Row(line, premise, day, tuple(sorted(chosen.items())), known)
