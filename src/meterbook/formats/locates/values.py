"""What a locate ticket says, whichever way it came.

>>> ticket_of(1, {"ticket": "A262570123", "revision": "00A", "called": "2026-09-14 07:31",
...               "work_date": "2026-09-17 07:32", "place": "ALDER BEND", "street": "TANNERY ROW"}, raw="")[0].key
'A262570123-00A'
>>> [problem.field for problem in ticket_of(1, {"ticket": "A26257", "called": "soon"}, raw="")[1]]
['ticket', 'revision', 'called', 'street']
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from meterbook.formats.contract import Problem, Verdict, shortened

#: Field names as the centre's own documents use them, with the most characters each may have here.
FIELDS: dict[str, int] = {
    "ticket": 10, "revision": 3, "type": 20, "priority": 2, "called": 16, "work_date": 16, "expires": 16,
    "state": 2, "county": 40, "place": 40, "st_from_address": 12, "street": 60, "cross1": 60, "location": 600,
    "latitude": 12, "longitude": 12, "work_type": 120, "done_for": 80, "company": 80, "caller": 80, "phone": 30,
    "email": 120, "boring": 1, "explosives": 1, "delineated": 1, "members": 200, "comments": 600,
}  # fmt: skip
#: What a ticket's type may say; a type unknown here is a problem, for it decides how soon somebody must come.
TYPES = ("NEW", "UPDATE", "EMERGENCY", "SHORT NOTICE", "REMARK", "NO RESPONSE", "CORRECTION", "CANCEL", "DESIGN")
_TICKET = re.compile(r"[A-Z0-9]{10}", re.ASCII)
_REVISION = re.compile(r"[0-9]{2}[A-Z]", re.ASCII)
_MOMENT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2})(?::[0-9]{2})?", re.ASCII)
_SHORT = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{2}|[0-9]{4}) ([0-9]{2}):([0-9]{2})(?::[0-9]{2})?", re.ASCII)
NEEDED = ("ticket", "revision", "called", "street")


@dataclass(frozen=True, slots=True)
class LocateTicket:
    """One ticket in one revision: who digs where, from when, and since when we know.

    `called_at` is the notice, `work_at` the start the excavator gave, `expires_on` the last day it holds; naive local
    times as in the file. `members` are the codes of those notified. `raw` is the ticket as it came.
    """

    line: int
    ticket: str
    revision: str
    kind: str
    priority: str
    called_at: dt.datetime
    work_at: dt.datetime | None
    expires_on: dt.date | None
    place: str
    address: str
    street: str
    cross: str
    location: str
    work: str
    done_for: str
    company: str
    caller: str
    phone: str
    email: str
    latitude: Decimal | None
    longitude: Decimal | None
    members: tuple[str, ...]
    comments: str
    said: Mapping[str, str]
    raw: str

    @property
    def key(self) -> str:
        """Ticket and revision, by which it is known everywhere."""
        return f"{self.ticket}-{self.revision}"


@dataclass(frozen=True, slots=True)
class ParsedLocates:
    """A file of tickets: `rows` came in, each a ticket or a line with at least one problem."""

    records: list[LocateTicket]
    problems: list[Problem]
    rows: int
    kinds: frozenset[str] = field(default_factory=frozenset)

    def __len__(self) -> int:
        return len(self.records)


def verdict(parsed: ParsedLocates) -> Verdict:
    """Whether every ticket of a file can be taken."""
    if parsed.problems:
        first = parsed.problems[0]
        return Verdict(
            valid=False,
            reason=f"line {first.line}, {first.field}: found {first.found or 'nothing'}, expected {first.expected}",
        )
    tickets = len(parsed.records)
    return Verdict(valid=True, reason=f"{tickets} locate ticket{'' if tickets == 1 else 's'}")


def moment_of(text: str) -> dt.datetime | None:
    """A local date and time: `2026-09-14 07:31`, `2026-09-14T07:31:00` or `09/14/26 07:31`.

    >>> moment_of("09/14/26 07:31"), moment_of("2026-13-01 00:00")
    (datetime.datetime(2026, 9, 14, 7, 31), None)
    """
    if found := _MOMENT.fullmatch(text.strip()):
        year, month, day, hour, minute = (int(part) for part in found.groups())
    elif found := _SHORT.fullmatch(text.strip()):
        month, day, year, hour, minute = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    else:
        return None
    if not 2000 <= year < 2100:
        return None
    try:
        return dt.datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
    except ValueError:
        return None


def ticket_of(line: int, found: Mapping[str, str], *, raw: str) -> tuple[LocateTicket | None, list[Problem]]:
    """The ticket a row of named fields makes, and everything wrong with it."""
    said = {name: " ".join(found.get(name, "").split()) for name in FIELDS}
    called, work, expires = (moment_of(said[name]) for name in ("called", "work_date", "expires"))
    kind = said["type"].upper() or "NEW"
    wrong = [
        Problem(line, name, shortened(said[name]), f"at most {most} characters")
        for name, most in FIELDS.items()
        if len(said[name]) > most
    ]
    for name, fine, expected in (
        ("ticket", _TICKET.fullmatch(said["ticket"]), "ten letters and digits"),
        ("revision", _REVISION.fullmatch(said["revision"]), "two digits and a letter, such as 00A"),
        ("called", called, "a date and time, such as 2026-09-14 07:31"),
        ("street", said["street"], "the street of the work"),
        ("work_date", work or not said["work_date"], "a date and time, or nothing"),
        ("expires", expires or not said["expires"], "a date and time, or nothing"),
        ("type", kind in TYPES, f"one of {', '.join(TYPES)}"),
        ("latitude", _place(said["latitude"], 90) is not None or not said["latitude"], "degrees, or nothing"),
        ("longitude", _place(said["longitude"], 180) is not None or not said["longitude"], "degrees, or nothing"),
    ):
        if not fine:
            wrong.append(Problem(line, name, shortened(said[name]), expected))
    if wrong or called is None:
        return None, wrong
    return LocateTicket(
        line=line, ticket=said["ticket"], revision=said["revision"], kind=kind, priority=said["priority"],
        called_at=called, work_at=work, expires_on=expires.date() if expires else None, place=said["place"],
        address=said["st_from_address"], street=said["street"], cross=said["cross1"], location=said["location"],
        work=said["work_type"], done_for=said["done_for"], company=said["company"], caller=said["caller"],
        phone=said["phone"], email=said["email"], latitude=_place(said["latitude"], 90),
        longitude=_place(said["longitude"], 180), members=tuple(said["members"].replace(",", " ").split()),
        comments=said["comments"], said=said, raw=raw,
    ), []  # fmt: skip


def _place(text: str, most: int) -> Decimal | None:
    """Degrees with at most seven decimals; None for anything else."""
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,7})?", text, re.ASCII):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if -most <= value <= most else None
