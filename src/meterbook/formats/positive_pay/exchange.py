"""Checks to a bank's file and back, under its layout.

>>> import datetime as dt
>>> from meterbook.formats.positive_pay.shipped import shipped_layouts
>>> chase = shipped_layouts()["chase"]
>>> data = write(chase, [IssuedCheck("1042", "700300", 2_200, dt.date(2026, 6, 15), "Ana Brook, Trustee")])
>>> data
b'I,700300,1042,061526,22.00,Ana Brook Trustee\\r\\n'
>>> parse(chase, data)[0].amount_cents
2200
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from meterbook.formats.contract import WrongFormat
from meterbook.formats.positive_pay.checks import IssuedCheck
from meterbook.formats.positive_pay.layout import PayField, PayLayout

_DECIMAL = re.compile(r"([0-9]{1,11})\.([0-9]{2})", re.ASCII)


def write(layout: PayLayout, checks: Sequence[IssuedCheck]) -> bytes:
    """The file of `checks`: ASCII, one record a line, CRLF, in the order given.

    Payees lose accents and the layout's separator and are cut to their width; numbers never are. Raises `ValueError`
    for a number that does not fit or is none, an amount of 0, a void before its issue, and a check named twice.
    """
    lines = [_line(layout, each) for each in checks]
    data = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    try:
        back = parse(layout, data)
    except WrongFormat as refusal:
        raise ValueError(f"the file would not be read back: {refusal}") from refusal
    if [each.amount_cents for each in back] != [each.amount_cents for each in checks]:
        raise ValueError("the file would not be read back with the same amounts")
    return data


def _line(layout: PayLayout, check: IssuedCheck) -> str:
    if check.amount_cents <= 0:
        raise ValueError(f"check {check.number}: {check.amount_cents} cents; more than 0 is needed")
    if (check.kind == "issued") != (check.voided_on is None) or (check.voided_on or check.issued_on) < check.issued_on:
        raise ValueError(f"check {check.number}: {check.kind}, voided on {check.voided_on}, issued {check.issued_on}")
    cents = check.amount_cents
    values = {
        "number": check.number, "account": check.account, "issued_on": layout.day_text(check.issued_on),
        "voided_on": layout.day_text(check.voided_on), "kind": layout.markers[check.kind],
        "amount": f"{cents // 100}.{cents % 100:02}" if layout.decimal else str(cents),
    }  # fmt: skip
    for name in ("number", "account"):
        if not (values[name].isascii() and values[name].isdigit()) or values[name].startswith("0"):
            raise ValueError(f"{name} {values[name]!r}: digits without leading zeros")
    cells = {each.name: _cell(layout, each, values.get(each.name), check.payee) for each in layout.fields}
    if layout.separator:
        return layout.separator.join(cells.values())
    line = ""
    for each in sorted(layout.fields, key=lambda field: field.first):
        filled = cells[each.name].rjust(each.width, "0") if each.digits else cells[each.name].ljust(each.width)
        line = line.ljust(each.first - 1) + filled
    return line.ljust(layout.width)


def _cell(layout: PayLayout, field: PayField, value: str | None, payee: str) -> str:
    if value is None:
        return _plain(payee, layout.separator)[: field.width].rstrip()
    if len(value) > field.width:
        raise ValueError(f"{field.name} {value!r} does not fit {field.width} columns")
    return value


def _plain(name: str, separator: str) -> str:
    bare = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    kept = "".join(each if each.isascii() and each.isprintable() else "?" for each in " ".join(bare.split()))
    if separator:
        kept = kept.replace(separator, " ").replace('"', "'")
    return " ".join(kept.split())


def parse(layout: PayLayout, data: bytes) -> list[IssuedCheck]:
    """Every check of the file, in order. Raises `WrongFormat` at the first record that is not right, since a bank
    would refuse the file as a whole; also for a check that is named twice the same way.

    A file cut off between two lines cannot be told from a shorter one: compare `totals`.
    """
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise WrongFormat(
            "not plain text",
            line=data.count(b"\n", 0, error.start) + 1,
            field="characters",
            found=f"byte 0x{data[error.start]:02X}",
            expected="ASCII",
        ) from error
    if not text.strip():
        raise WrongFormat("the file is empty", line=0, field="file", found="", expected="a record for each check")
    checks: list[IssuedCheck] = []
    seen: set[tuple[str, str, str]] = set()
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        check = _check(layout, line, number)
        key = (check.account, check.number, check.kind)
        if key in seen:
            raise WrongFormat(
                "named twice", line=number, field="number", found=check.number, expected="each check once"
            )
        seen.add(key)
        checks.append(check)
    return checks


def _check(layout: PayLayout, line: str, number: int) -> IssuedCheck:
    cells = _cells(layout, line, number)

    def refuse(field: str, expected: str) -> WrongFormat:
        return WrongFormat("cannot be read", line=number, field=field, found=cells.get(field, ""), expected=expected)

    kind = layout.kind_of(cells["kind"].strip())
    if kind is None:
        known = " or ".join(repr(each) for each in dict.fromkeys(layout.markers.values()))
        raise refuse("kind", known)
    issued_on = layout.day_of(cells["issued_on"].strip())
    if issued_on is None:
        raise refuse("issued_on", layout.dates)
    voided_on = layout.day_of(cells.get("voided_on", "").strip())
    if cells.get("voided_on", "").strip() and voided_on is None:
        raise refuse("voided_on", f"{layout.dates} or blank")
    if kind != "issued" and "voided_on" in cells and voided_on is None:
        raise refuse("voided_on", layout.dates)
    for name in ("number", "account"):
        if not cells[name].strip().isdigit() or not cells[name].strip(" 0"):
            raise refuse(name, "digits, more than 0")
    cents = _cents(layout, cells["amount"].strip())
    if not cents:
        raise refuse("amount", "more than 0, such as 22.00" if layout.decimal else "cents, more than 0")
    return IssuedCheck(
        number=cells["number"].strip().lstrip("0"), account=cells["account"].strip().lstrip("0"), amount_cents=cents,
        issued_on=issued_on, payee=cells.get("payee", "").strip(), kind=kind, voided_on=voided_on, line=number,
    )  # fmt: skip


def _cells(layout: PayLayout, line: str, number: int) -> dict[str, str]:
    if layout.separator:
        parts = line.split(layout.separator)
        if len(parts) != len(layout.fields):
            expected = f"{len(layout.fields)} values"
            raise WrongFormat("cut off, or too much", line=number, field="record", found=line, expected=expected)
        for each, part in zip(layout.fields, parts, strict=True):
            if len(part) > each.width:
                expected = f"at most {each.width} characters"
                raise WrongFormat("too long", line=number, field=each.name, found=part, expected=expected)
        return {each.name: part for each, part in zip(layout.fields, parts, strict=True)}
    if len(line) != layout.width:
        expected = f"{layout.width} columns"
        raise WrongFormat("cut off, or too long", line=number, field="record", found=f"{len(line)}", expected=expected)
    return {each.name: line[each.first - 1 : each.last] for each in layout.fields}


def _cents(layout: PayLayout, text: str) -> int:
    if not layout.decimal:
        return int(text) if text.isascii() and text.isdigit() else 0
    found = _DECIMAL.fullmatch(text)
    return int(found[1]) * 100 + int(found[2]) if found else 0
