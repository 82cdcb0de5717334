"""BAI2 text to logical records: continuations gathered, and the habits of senders that still can be read.

>>> found = list(logical_records("01,BANK,US,260603,0829,7,,,2/\\n16,165,7000,0,,,ANA/\\n88,BROOK/\\n", Variants()))
>>> [(each.code, each.pieces, each.physical) for each in found]
[('01', ['BANK,US,260603,0829,7,,,2'], 1), ('16', ['165,7000,0,,,ANA', 'BROOK'], 2)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from meterbook.formats.contract import WrongFormat

CODES = {
    "01": "file header",
    "02": "group header",
    "03": "account",
    "16": "transaction",
    "88": "continuation",
    "49": "account trailer",
    "98": "group trailer",
    "99": "file trailer",
}
_START = re.compile(r"\s*(\d\d)(?:,|$)", re.ASCII)
# Some senders put several records on one line, blanks between them.
_TOGETHER = re.compile(r"(?<=/)\s+(?=(?:01|02|03|16|49|88|98|99),)", re.ASCII)
_COLON = re.compile(r"\s*88:")


@dataclass(slots=True)
class Variants:
    """The sender's habits met so far, in plain words, each once and in order."""

    seen: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        """Remember a habit."""
        if words not in self.seen:
            self.seen.append(words)


@dataclass(slots=True)
class Record:
    """One record with its continuations: `pieces` are the texts after each record code, without the closing slash.

    `closed` says for each piece whether a slash ended it (then the next piece begins a new field). `physical` counts
    records as the file numbers them, continuations included; `lines` the text lines they stand on.
    """

    line: int
    code: str
    pieces: list[str]
    closed: list[bool]
    physical: int = 1
    lines: int = 1


def logical_records(text: str, variants: Variants) -> Iterator[Record]:
    """Each record with its continuations. Raises `WrongFormat` for what begins like no record."""
    current: Record | None = None
    for number, code, body in _physical(text, variants):
        if code == "":
            current = _wrapped(current, body, number, variants)
            continue
        if code != "88":
            if current is not None:
                yield current
            current = Record(number, code, [], [], physical=0, lines=0)
        elif current is None:
            raise WrongFormat("record out of place", line=number, field="record type", found="88", expected=_first())
        assert current is not None
        content = body.rstrip()
        current.closed.append(content.endswith("/"))
        current.pieces.append(content[:-1] if current.closed[-1] else body.rstrip("\r"))
        current.physical += 1
        current.lines += 1
    if current is not None:
        yield current


def _physical(text: str, variants: Variants) -> Iterator[tuple[int, str, str]]:
    """Line number, record code ('' for a line that has none) and what follows it."""
    started = False
    for number, whole in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not whole.strip():
            continue
        together = _TOGETHER.split(whole)
        if len(together) > 1:
            variants.note("several records on one line")
        for each in together:
            if _COLON.match(each):
                variants.note("88: written for 88,")
                each = each.replace("88:", "88,", 1)
            found = _START.match(each)
            code = found.group(1) if found else ""
            if not started and code != "01":
                raise WrongFormat(
                    "not a BAI2 file", line=number, field="record type", found=each.strip()[:40], expected=_first()
                )
            started = True
            if found and code in CODES:
                yield number, code, each[found.end() :]
            else:
                yield number, "", each


def _wrapped(current: Record | None, body: str, number: int, variants: Variants) -> Record:
    """Text that runs on over a line break without a continuation record: taken where the record was not ended."""
    if current is None or current.closed[-1] or current.code not in ("16", "03"):
        raise WrongFormat(
            "not a record", line=number, field="record type", found=body.strip()[:40],
            expected=" or ".join(f"{code} ({name})" for code, name in CODES.items()),
        )  # fmt: skip
    variants.note("a record wrapped over two lines")
    content = body.rstrip()
    current.closed[-1] = content.endswith("/")
    current.pieces[-1] += " " + (content[:-1] if current.closed[-1] else content)
    current.lines += 1
    return current


def _first() -> str:
    return f"01 ({CODES['01']})"
