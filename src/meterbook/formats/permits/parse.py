"""Permit files to permits: a CSV with a heading line, or the answer of an Accela-shaped API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from meterbook.formats.contract import Problem, WrongFormat, csv_rows, shortened, utf8_text
from meterbook.formats.permits.values import FIELDS, ParsedPermits, Permit, permit_of

NEEDED: Final = ("permit", "issued", "street_number", "street")
#: What an agency calls the services in its own form; the names are its choice, so this is only where we look first.
CUSTOM_METERS: Final = "Utility services"
CUSTOM_CLASS: Final = "Use class"


def parse_csv(data: bytes) -> ParsedPermits:
    """Permits of a CSV whose heading names columns of `FIELDS`, in any order.

    Raises `WrongFormat` for a heading unknown or missing, and for a row with another number of cells.
    """
    rows = csv_rows(utf8_text(data))
    line, heads, raw = next(rows)
    names = [head.strip().lower() for head in heads]
    if len(set(names)) != len(names) or set(names) - set(FIELDS) or not set(NEEDED) <= set(names):
        raise WrongFormat("wrong headings", line=line, field="heading", found=raw, expected=f"{', '.join(NEEDED)}, and "
                          f"any of {', '.join(name for name in FIELDS if name not in NEEDED)}")  # fmt: skip
    taken = []
    for line, cells, raw in rows:
        if len(cells) != len(names):
            raise WrongFormat(
                "a row is cut off", line=line, field="row", found=f"{len(cells)} cells", expected=f"{len(names)} cells"
            )
        taken.append((line, dict(zip(names, cells, strict=True)), raw))
    return _parsed(taken)


def parse_accela(data: bytes) -> ParsedPermits:
    """Records as ``GET /v4/records?expand=addresses,parcels,owners,professionals,customForms`` answers them.

    The line of a permit is its place in ``result``, from 1. Raises `WrongFormat` for anything but such an answer, and
    where its own status says it failed.
    """
    try:
        answer = json.loads(utf8_text(data))
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError, too
        at = getattr(error, "lineno", 0)
        raise WrongFormat("not JSON", line=at, field="file", found=str(error), expected="JSON") from error
    if not isinstance(answer, dict) or answer.get("status", 200) != 200 or not isinstance(answer.get("result"), list):
        said = shortened(str(answer.get("message", answer.get("status"))) if isinstance(answer, dict) else "no object")
        raise WrongFormat(
            "not an answer with records", line=0, field="result", found=said, expected="status 200 and a list, result"
        )
    taken = []
    for at, record in enumerate(answer["result"], start=1):
        found = _accela(record) if isinstance(record, dict) else {}
        taken.append((at, found, json.dumps(record, ensure_ascii=False)))
    return _parsed(taken)


def has_more(data: bytes) -> bool:
    """Whether the answer says that another page follows; call after `parse_accela` took it."""
    page = json.loads(data).get("page")
    return isinstance(page, dict) and bool(page.get("hasmore"))


def _parsed(taken: list[tuple[int, dict[str, str], str]]) -> ParsedPermits:
    records: list[Permit] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, said, raw in taken:
        permit, wrong = permit_of(line, said, raw=raw)
        if permit is not None and permit.number in seen:
            expected = f"each permit once; it stands on line {seen[permit.number]}"
            permit, wrong = None, [Problem(line, "permit", said["permit"], expected)]
        if permit is not None:
            seen[permit.number] = line
            records.append(permit)
        problems += wrong
    return ParsedPermits(records, problems, len(taken))


def _accela(record: Mapping[str, Any]) -> dict[str, str]:
    """The fields of one record by our names."""
    address, parcel, owner = (_first(record.get(name)) for name in ("addresses", "parcels", "owners"))
    person = _first(record.get("professionals")) or _first(record.get("contacts"))
    forms = [one for one in record.get("customForms") or [] if isinstance(one, dict)]
    own = {name: value for form in forms for name, value in form.items()}
    named = [_text(person.get(name)) for name in ("firstName", "lastName")]
    return {
        "permit": _text(record.get("customId") or record.get("id")), "kind": _text(record.get("type")),
        "status": _text(record.get("status")), "issued": _text(record.get("openedDate"))[:10],
        "parcel": _text(parcel.get("parcelNumber")), "street_number": _text(address.get("streetStart")),
        "street": " ".join(filter(None, (_text(address.get(name)) for name in
                                         ("streetPrefix", "streetName", "streetSuffix", "streetSuffixDirection")))),
        "unit": _text(address.get("unitStart")), "city": _text(address.get("city")),
        "postal_code": _text(address.get("postalCode")), "class": _text(own.get(CUSTOM_CLASS)).lower(),
        "applicant": _text(person.get("fullName") or person.get("businessName")) or " ".join(filter(None, named)),
        "phone": _text(person.get("phone1")), "email": _text(person.get("email")),
        "owner": _text(owner.get("fullName")), "work": _text(record.get("description")),
        "meters": _text(own.get(CUSTOM_METERS)),
    }  # fmt: skip


def _first(found: Any) -> Mapping[str, Any]:
    """The primary one of a list of objects, else its first; nothing of anything else."""
    rows = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return next((one for one in rows if one.get("isPrimary") in ("Y", True)), rows[0] if rows else {})


def _text(value: Any) -> str:
    """A value as text: of an object of value and text, what a person reads."""
    if isinstance(value, dict):
        return _text(value.get("text") or value.get("value"))
    return "" if value is None or isinstance(value, list | bool) else str(value)
