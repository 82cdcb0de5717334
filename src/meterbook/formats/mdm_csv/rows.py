"""What both files share: exact headings, and a last line that counts the rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from meterbook.formats.contract import WrongFormat, csv_rows, utf8_text

TRAILER = "#END"
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)


def rows_of(data: bytes, headings: Sequence[str]) -> Iterator[tuple[int, list[str], str]]:
    """Each row between heading and trailer, its cells trimmed: line, cells, raw.

    Raises `WrongFormat` for other headings, a trailer that is missing, miscounted or not last, damaged quotes, or text
    that is not UTF-8.
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
        count += 1
        yield line, [cell.strip() for cell in cells], raw
    if not ended:
        raise WrongFormat(
            "the trailer is missing, the file is truncated", line=line, field="trailer", found=raw,
            expected=f"{TRAILER},{count} or more rows",
        )  # fmt: skip


def file_of(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file of rows with heading and counted trailer. Raises `ValueError` for a cell that holds a NUL or a row that
    would be taken for the trailer."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    count = 0
    for row in rows:
        if row[0] == TRAILER:
            raise ValueError(f"{TRAILER} is no value of the first column")
        writer.writerow([" ".join(cell.splitlines()) for cell in row])
        count += 1
    writer.writerow((TRAILER, count))
    text = out.getvalue()
    if "\x00" in text:
        raise ValueError("a cell holds a NUL character")
    return text.encode("utf-8")
