"""What a building permit says that a utility needs, whichever way it came.

>>> permit_of(1, {"permit": "BLD26-00412", "issued": "2026-09-01", "street_number": "9", "street": "Mill Street",
...               "parcel": "0119-118-04", "meters": "water 3/4; electricity 200A"}, raw="")[0].meters
(('water', '3/4', 1), ('electricity', '200A', 1))
>>> [one.field for one in permit_of(1, {"permit": "", "issued": "soon", "meters": "gas 1"}, raw="")[1]]
['permit', 'issued', 'street', 'meters']
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from meterbook.formats.contract import Problem, Verdict, shortened

#: Columns of the CSV, with the most characters each may hold.
FIELDS: dict[str, int] = {
    "permit": 40, "kind": 120, "status": 60, "issued": 10, "parcel": 30, "street_number": 12, "street": 80, "unit": 12,
    "city": 60, "postal_code": 10, "class": 20, "applicant": 160, "phone": 30, "email": 254, "owner": 160,
    "work": 600, "meters": 300,
}  # fmt: skip
SERVICES = ("electricity", "water", "sewer", "stormwater", "refuse")
CLASSES = ("residential", "commercial", "municipal")
_METER = re.compile(r"(?:(\d{1,3})\s*x\s*)?([a-z_]+)(?:\s+(\S.{0,9}))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Permit:
    """One permit: where it builds, for whom, and the services it asks for.

    ``meters`` are (service, size, how many); the size is empty for services without a meter, or where none is named.
    ``said`` is every field as it came, ``raw`` the text.
    """

    line: int
    number: str
    kind: str
    status: str
    issued_on: dt.date
    parcel: str
    street_number: str
    street: str
    unit: str
    city: str
    postal_code: str
    premise_class: str
    applicant: str
    phone: str
    email: str
    owner: str
    work: str
    meters: tuple[tuple[str, str, int], ...]
    said: Mapping[str, str]
    raw: str


@dataclass(frozen=True, slots=True)
class ParsedPermits:
    """A file of permits: `rows` came in, each a permit or a line with at least one problem."""

    records: list[Permit]
    problems: list[Problem]
    rows: int

    def __len__(self) -> int:
        return len(self.records)


def verdict(parsed: ParsedPermits) -> Verdict:
    """Whether every permit of a file can be taken."""
    if parsed.problems:
        one = parsed.problems[0]
        found = one.found or "nothing"
        return Verdict(valid=False, reason=f"line {one.line}, {one.field}: found {found}, expected {one.expected}")
    return Verdict(valid=True, reason=f"{len(parsed)} permits")


def permit_of(line: int, said: Mapping[str, str], *, raw: str) -> tuple[Permit | None, list[Problem]]:
    """A permit from its fields by the names of `FIELDS`, or what is wrong with it."""
    told = {name: " ".join(str(said.get(name) or "").split()) for name in FIELDS}
    problems = [
        Problem(line, name, shortened(value), f"at most {FIELDS[name]} characters")
        for name, value in told.items()
        if len(value) > FIELDS[name]
    ]
    if not told["permit"]:
        problems.append(Problem(line, "permit", "", "the permit's number"))
    issued = _day(told["issued"])
    if issued is None:
        problems.append(Problem(line, "issued", told["issued"], "a date such as 2026-09-01"))
    if not told["street"] or not told["street_number"]:
        problems.append(Problem(line, "street", f"{told['street_number']} {told['street']}".strip(),
                                "a street and a street number"))  # fmt: skip
    if told["class"] not in (*CLASSES, ""):
        problems.append(Problem(line, "class", told["class"], f"one of {', '.join(CLASSES)}"))
    meters = meters_of(told["meters"])
    if meters is None:
        expected = f"services of {', '.join(SERVICES)} with their size, such as 2 x water 3/4; sewer"
        problems.append(Problem(line, "meters", shortened(told["meters"]), expected))
    if problems or issued is None or meters is None:
        return None, problems
    return Permit(
        line, told["permit"], told["kind"], told["status"], issued, told["parcel"], told["street_number"],
        told["street"], told["unit"], told["city"], told["postal_code"], told["class"] or "residential",
        told["applicant"], told["phone"], told["email"], told["owner"], told["work"], meters, told, raw,
    ), []  # fmt: skip


def meters_of(text: str) -> tuple[tuple[str, str, int], ...] | None:
    """Services asked for, parted by semicolons; nothing where one of them is not understood.

    >>> meters_of("2 x Water 3/4; sewer"), meters_of(""), meters_of("gas")
    ((('water', '3/4', 2), ('sewer', '', 1)), (), None)
    """
    found = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        matched = _METER.fullmatch(part)
        if matched is None or matched[2].lower() not in SERVICES or not int(matched[1] or 1):
            return None
        found.append((matched[2].lower(), (matched[3] or "").strip(), int(matched[1] or 1)))
    return tuple(found)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if re.match(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None
