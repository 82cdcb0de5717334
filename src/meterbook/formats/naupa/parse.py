"""A file to its report, with every total checked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from meterbook.formats.contract import Verdict, WrongFormat
from meterbook.formats.judge import counted
from meterbook.formats.naupa.columns import HOLDER, PROPADD, PROPERTY, SUMINFO, WIDTH, RecordShape
from meterbook.formats.naupa.values import Contact, Holder, Owner, Property, Report

_NAME = re.compile(r"[A-Z0-9 &]*")
_TYPE = re.compile(r"[A-Z]{2}[0-9]{2}|ZZZZ")
_OTHERS = {"5": "SECURITIES", "6": "TANGIBLE"}
_SHAPES = {"1": HOLDER, "2": PROPERTY, "3": PROPADD, "9": SUMINFO}


def parse(data: bytes) -> Report:
    """The report of `data`. Raises `WrongFormat`, naming line and field, for a record of another length, out of
    order or unknown, for names with punctuation, for amounts that do not follow from each other, and for a summary
    whose counts or totals are not those of the records. Securities and tangible property are counted, not read.
    """
    records = list(_records(data))
    if len(records) < 2 or records[0][1] is not HOLDER or records[-1][1] is not SUMINFO:
        line = records[-1][0] if records else 0
        refuse("the file is truncated", line, "TR-CODE", "", "a HOLDER (1) first and a SUMINFO (9) last")
    properties: list[Property] = []
    for line, shape, fields in records[1:-1]:
        if shape is PROPERTY:
            properties.append(_read_property(line, fields, len(properties) + 1))
        elif shape is PROPADD:
            _add_owner(properties, line, fields)
        elif shape in (HOLDER, SUMINFO):
            refuse("one report a file", line, "TR-CODE", shape.name, "properties, then the summary")
        elif not properties:
            refuse("out of place", line, "TR-CODE", shape.name, "a PROPERTY (2) before it")
    _, _, summary = records[-1]
    report = Report(
        _read_holder(records[0][0], records[0][2]), tuple(properties), summary["software"], summary["creator"],
        summary["creator_contact"],
    )  # fmt: skip
    _check_summary(report, records)
    return report


def refuse(reason: str, line: int, field: str, found: str, expected: str) -> NoReturn:
    """Raise `WrongFormat` for `field` of `line`."""
    raise WrongFormat(reason, line=line, field=field, found=found, expected=expected)


def _records(data: bytes) -> Iterator[tuple[int, RecordShape, dict[str, str]]]:
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        at = data.count(b"\n", 0, error.start) + 1
        refuse("not plain text", at, "characters", f"byte 0x{data[error.start]:02X}", "ASCII")
    if not text.strip():
        refuse("the file is empty", 0, "file", "", "a holder's report")
    for number, line in enumerate(text.replace("\r\n", "\n").rstrip("\n\x1a").split("\n"), start=1):
        if len(line) != WIDTH or not line.isprintable():
            refuse("another length, or unprintable", number, "record", f"{len(line)} characters", f"{WIDTH}")
        shape = _SHAPES.get(line[0]) or (RecordShape(line[0], _OTHERS[line[0]], {}) if line[0] in _OTHERS else None)
        if shape is None:
            refuse("unknown record", number, "TR-CODE", line[0], "1, 2, 3, 5, 6 or 9")
        for name, column in shape.columns.items():
            cut = line[column.first - 1 : column.last]
            if column.digits and not cut.isdigit():
                refuse("not a number", number, name, cut, f"{column.width} digits, zero-filled")
        yield number, shape, shape.cut(line)


def _read_day(line: int, name: str, text: str) -> dt.date | None:
    if not text.strip("0"):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        refuse("not a day", line, name, text, "YYYYMMDD or zeros")


def _read_holder(line: int, fields: dict[str, str]) -> Holder:
    for name in ("tax_id", "name", "state", "contact_name"):
        if not fields[name]:
            refuse("mandatory", line, name, "", "not blank")
    if not _NAME.fullmatch(fields["name"]):
        refuse("punctuation", line, "name", fields["name"], "A to Z, digits, blanks and &")
    if not (len(fields["tax_id"]) == 9 and fields["tax_id"].isdigit()):
        refuse("not a tax number", line, "tax_id", fields["tax_id"], "nine digits")
    return Holder(
        tax_id=fields["tax_id"], name=fields["name"], city=fields["city"], county=fields["county"],
        state=fields["state"], contact=_read_contact(fields, "contact"), report_year=int(fields["year"]),
        report_type=fields["report_type"], report_number=int(fields["report_number"]),
        report_format=fields["report_format"], naics=fields["naics"],
        second_contact=_read_contact(fields, "second") if fields["second_name"] else None,
    )  # fmt: skip


def _read_contact(fields: dict[str, str], prefix: str) -> Contact:
    cut = {name.removeprefix(f"{prefix}_"): text for name, text in fields.items() if name.startswith(f"{prefix}_")}
    return Contact(
        name=cut["name"], lines=_read_lines(cut), city=cut["city"], state=cut["state"], zip=cut["zip"],
        phone=cut["phone"], email=cut["email"], extension=cut["extension"], country=cut["country"],
    )  # fmt: skip


def _read_lines(fields: dict[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, (fields[f"line{number}"] for number in (1, 2, 3))))


def _read_owner(line: int, fields: dict[str, str]) -> Owner:
    if not fields["last"]:
        refuse("mandatory", line, "last", "", "an owner's name, UNKNOWN or AGGREGATE")
    for name in ("last", "first", "middle"):
        if not _NAME.fullmatch(fields[name]):
            refuse("punctuation", line, name, fields[name], "A to Z, digits, blanks and &")
    return Owner(
        last=fields["last"], first=fields["first"], middle=fields["middle"], is_business=fields["name_kind"] == "C",
        lines=_read_lines(fields), city=fields["city"], county=fields["county"], state=fields["state"],
        zip=fields["zip"], country=fields["country"], tax_id=fields["tax_id"],
        born_on=_read_day(line, "born_on", fields["born_on"]), relationship=fields["relationship"],
        ownership=fields["ownership"],
    )  # fmt: skip


def _read_property(line: int, fields: dict[str, str], number: int) -> Property:
    amounts = {name: int(fields[name]) for name in ("reported", "deduction", "advertised", "addition", "deletion",
                                                    "remitted")}  # fmt: skip
    if int(fields["sequence"]) != number:
        refuse("out of order", line, "sequence", fields["sequence"], f"{number:06}")
    if not _TYPE.fullmatch(fields["property_type"]):
        refuse("unknown kind", line, "property_type", fields["property_type"], "such as UT01")
    last_on = _read_day(line, "last_on", fields["last_on"])
    if last_on is None:
        refuse("mandatory", line, "last_on", "", "the day of the last activity")
    if amounts["advertised"] != amounts["reported"] - amounts["deduction"]:
        expected = "what was reported, less the deduction"
        refuse("does not add up", line, "advertised", fields["advertised"], expected)
    if amounts["remitted"] != amounts["advertised"] + amounts["addition"] - amounts["deletion"]:
        expected = "what was advertised, with additions, less deletions"
        refuse("does not add up", line, "remitted", fields["remitted"], expected)
    if amounts["addition"] or amounts["deletion"]:
        refuse("not a first report", line, "addition", fields["addition"], "no additions and deletions")
    if bool(amounts["deduction"]) != bool(fields["deduction_type"]):
        refuse("a deduction and its type", line, "deduction_type", fields["deduction_type"], "both or neither")
    return Property(
        owner=_read_owner(line, fields), property_type=fields["property_type"], reported_cents=amounts["reported"],
        last_on=last_on, started_on=_read_day(line, "started_on", fields["started_on"]),
        deduction_cents=amounts["deduction"], deduction_type=fields["deduction_type"], account=fields["account"],
        check=fields["check"], description=fields["description"], line=line,
    )  # fmt: skip


def _add_owner(properties: list[Property], line: int, fields: dict[str, str]) -> None:
    if not properties or int(fields["sequence"]) != len(properties):
        refuse("out of place", line, "sequence", fields["sequence"], f"{len(properties):06}, its property's")
    last = properties[-1]
    properties[-1] = replace(last, others=(*last.others, _read_owner(line, fields)))


def _check_summary(report: Report, records: list[tuple[int, RecordShape, dict[str, str]]]) -> None:
    line, _, summary = records[-1]
    sums = {
        "records": len(records), "properties": len(report), "reported": report.reported_cents,
        "deduction": report.deduction_cents, "advertised": report.remitted_cents, "addition": 0, "deletion": 0,
        "remitted": report.remitted_cents,
    }  # fmt: skip
    for name, value in sums.items():
        if int(summary[name]) != value:
            width = len(summary[name])
            refuse("the summary does not add up", line, name, summary[name], f"{value:0{width}}, as the records say")
    if (summary["negative"] == "Y") != (not report.properties):
        refuse("negative report", line, "negative", summary["negative"], "Y without properties, else blank")


def verdict(report: Report) -> Verdict:
    """What `./meterbook formats check` says of a file that could be read."""
    properties = counted(len(report), "property").replace("propertys", "properties")
    cents = report.remitted_cents
    return Verdict(True, f"{report.holder.name}, {report.holder.report_year}: {properties}, "
                         f"{cents // 100}.{cents % 100:02} remitted")  # fmt: skip
