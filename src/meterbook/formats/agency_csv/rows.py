"""What the three files share: exact headings, strict cells, and a last line that counts the rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from meterbook.formats.contract import WrongFormat, csv_rows, utf8_text

TRAILER = "#END"
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,8})?", re.ASCII)
_MONEY = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}", re.ASCII)


class Cells:
    """One row's cells by heading, each read strictly; a wrong one refuses the file."""

    def __init__(self, line: int, names: Sequence[str], cells: Sequence[str]) -> None:
        self.line = line
        self._cells = dict(zip(names, cells, strict=True))

    def text(self, name: str, *, needed: bool = True) -> str:
        """A text."""
        found = self._cells[name]
        if needed and not found:
            raise self._wrong(name, "a value")
        return found

    def day(self, name: str) -> date:
        """A day as YYYY-MM-DD."""
        try:
            return date.fromisoformat(self._cells[name])
        except ValueError:
            raise self._wrong(name, "a day like 2026-03-31") from None

    def number(self, name: str) -> Decimal | None:
        """A plain number, or nothing."""
        found = self._cells[name]
        if found and not _NUMBER.fullmatch(found):
            raise self._wrong(name, "a number like 12.5")
        return Decimal(found) if found else None

    def cents(self, name: str) -> int | None:
        """Dollars with two decimals as cents, or nothing."""
        found = self._cells[name]
        if found and not _MONEY.fullmatch(found):
            raise self._wrong(name, "dollars like 12.50")
        return int(Decimal(found).scaleb(2)) if found else None

    def _wrong(self, name: str, expected: str) -> WrongFormat:
        return WrongFormat("wrong value", line=self.line, field=name, found=self._cells[name], expected=expected)


def rows_of(data: bytes, headings: Sequence[str]) -> Iterator[Cells]:
    """Each row between heading and trailer.

    Raises `WrongFormat` for other headings or lengths, or a trailer that is missing, miscounted or not last.
    """
    rows = csv_rows(utf8_text(data))
    line, cells, raw = next(rows)
    if tuple(cells) != tuple(headings):
        raise WrongFormat("wrong headings", line=line, field="heading", found=raw, expected=",".join(headings))
    count, ended = 0, False
    for line, cells, raw in rows:
        if ended:
            raise WrongFormat("text after the trailer", line=line, field="row", found=raw, expected="end of file")
        if cells[0] == TRAILER:
            if len(cells) != 2 or not _COUNT.fullmatch(cells[1]) or int(cells[1]) != count:
                raise WrongFormat(
                    "the trailer does not count the rows, the file is truncated or was edited", line=line,
                    field="trailer", found=raw, expected=f"{TRAILER},{count}",
                )  # fmt: skip
            ended = True
            continue
        if len(cells) != len(headings):
            raise WrongFormat("wrong length", line=line, field="row", found=raw, expected=f"{len(headings)} cells")
        count += 1
        yield Cells(line, headings, [cell.strip() for cell in cells])
    if not ended:
        raise WrongFormat(
            "the trailer is missing, the file is truncated", line=line, field="trailer", found=raw,
            expected=f"{TRAILER},{count} or more rows",
        )  # fmt: skip


def file_of(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file of rows with heading and counted trailer; line breaks in cells become blanks."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    count = 0
    for row in rows:
        writer.writerow([" ".join(cell.split()) for cell in row])
        count += 1
    writer.writerow((TRAILER, count))
    return out.getvalue().encode("utf-8")


def plain(value: Decimal | None) -> str:
    """A number without trailing zeros, or nothing.

    >>> plain(Decimal("12.500")), plain(None)
    ('12.5', '')
    """
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(cents: int | None) -> str:
    """Cents as dollars, or nothing.

    >>> money(-5), money(None)
    ('-0.05', '')
    """
    return "" if cents is None else f"{Decimal(cents).scaleb(-2):.2f}"
