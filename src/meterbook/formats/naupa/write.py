"""A report to its file, held to every rule of the reader before it is handed over."""

from __future__ import annotations

import datetime as dt

from meterbook.formats.contract import WrongFormat
from meterbook.formats.naupa.columns import HOLDER, PROPADD, PROPERTY, SUMINFO
from meterbook.formats.naupa.parse import parse
from meterbook.formats.naupa.values import Contact, Holder, Owner, Property, Report


def write(report: Report) -> bytes:
    """The file of `report`: ASCII records of 625 characters, CR and LF, totals computed, properties numbered from 1.

    Raises `ValueError` for what the standard refuses: a name with punctuation, an unknown kind of property, a
    deduction without its type or above the amount, anything that does not fit its columns.
    """
    lines = [_holder(report.holder)]
    for number, each in enumerate(report.properties, start=1):
        lines.append(_property(each, number))
        lines += [PROPADD.put(_owner(other, number, kind="S")) for other in each.others]
    lines.append(
        SUMINFO.put(
            {
                "records": report.records, "properties": len(report), "reported": report.reported_cents,
                "deduction": report.deduction_cents, "advertised": report.remitted_cents,
                "remitted": report.remitted_cents, "negative": "" if report.properties else "Y",
                "software": report.software, "creator": report.creator, "creator_contact": report.creator_contact,
            }
        )
    )  # fmt: skip
    try:
        data = "".join(f"{line}\r\n" for line in lines).encode("ascii")
        parse(data)
    except (UnicodeEncodeError, WrongFormat) as refusal:
        raise ValueError(f"the file would not be taken: {refusal}") from refusal
    return data


def _day(day: dt.date | None) -> str:
    return "" if day is None else day.strftime("%Y%m%d")


def _holder(holder: Holder) -> str:
    values: dict[str, str | int] = {
        "tax_id": holder.tax_id, "year": holder.report_year, "report_type": holder.report_type,
        "report_number": holder.report_number, "report_format": holder.report_format, "name": holder.name,
        "city": holder.city, "county": holder.county, "state": holder.state, "naics": holder.naics,
    }  # fmt: skip
    for prefix, contact in (("contact", holder.contact), ("second", holder.second_contact)):
        if contact is not None:
            values |= {f"{prefix}_{name}": text for name, text in _contact(contact).items()}
    return HOLDER.put(values)


def _contact(contact: Contact) -> dict[str, str]:
    return {
        "name": contact.name, **_lines(contact.lines), "city": contact.city, "state": contact.state,
        "zip": contact.zip, "country": contact.country, "phone": contact.phone, "extension": contact.extension,
        "email": contact.email,
    }  # fmt: skip


def _lines(lines: tuple[str, ...]) -> dict[str, str]:
    if len(lines) > 3:
        raise ValueError(f"{len(lines)} address lines; three fit")
    return {f"line{number}": text for number, text in enumerate(lines, start=1)}


def _owner(owner: Owner, number: int, *, kind: str) -> dict[str, str | int]:
    return {
        "sequence": number, "owner_type": kind, "name_kind": "C" if owner.is_business else "I", "last": owner.last,
        "first": owner.first, "middle": owner.middle, **_lines(owner.lines), "city": owner.city,
        "county": owner.county, "state": owner.state, "zip": owner.zip, "country": owner.country,
        "tax_id": owner.tax_id, "born_on": _day(owner.born_on), "relationship": owner.relationship,
        "ownership": owner.ownership,
    }  # fmt: skip


def _property(each: Property, number: int) -> str:
    return PROPERTY.put(
        _owner(each.owner, number, kind="P") | {
            "started_on": _day(each.started_on), "last_on": _day(each.last_on), "property_type": each.property_type,
            "reported": each.reported_cents, "deduction": each.deduction_cents, "deduction_type": each.deduction_type,
            "advertised": each.remitted_cents, "remitted": each.remitted_cents, "account": each.account,
            "check": each.check, "description": each.description,
        }
    )  # fmt: skip
