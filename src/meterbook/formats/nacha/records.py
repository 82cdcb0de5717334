"""Bytes to records in their places: lenient about line ends, short lines and missing padding, strict about order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from meterbook.formats.contract import WrongFormat
from meterbook.formats.nacha import shapes
from meterbook.formats.nacha.rules import Finding
from meterbook.formats.nacha.shapes import WIDTH, Shape

_NAMES = {"1": "file header", "5": "batch header", "6": "entry", "7": "addenda", "8": "batch control",
          "9": "file control"}  # fmt: skip
_MOST_LINES = 10_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """One line, cut into the fields of its shape."""

    line: int
    shape: Shape
    text: str
    fields: dict[str, str]

    def finding(self, rule: str, name: str, expected: str, *, found: str | None = None) -> Finding:
        """`rule` broken here by the field `name`, quoting it unless `found` says more."""
        told = self.fields.get(name, "") if found is None else found
        return Finding(rule, self.line, name.replace("_", " "), told, expected)

    def number(self, name: str) -> int:
        """The field as a number; 0 where it is none (that is a finding of its own)."""
        text = self.fields[name].strip()
        return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(slots=True)
class EntryRecords:
    """An entry and what follows it."""

    entry: Record
    addenda: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class BatchRecords:
    """A batch header, its entries, its control (None: cut off)."""

    header: Record
    entries: list[EntryRecords] = field(default_factory=list)
    control: Record | None = None

    @property
    def sec(self) -> str:
        return self.header.fields["sec"]

    @property
    def is_iat(self) -> bool:
        return self.header.shape is shapes.IAT_BATCH_HEADER


@dataclass(slots=True)
class FileRecords:
    """All records of a file in their places, and what was out of place."""

    header: Record | None = None
    batches: list[BatchRecords] = field(default_factory=list)
    control: Record | None = None
    count: int = 0
    findings: list[Finding] = field(default_factory=list)


def arrange(data: bytes) -> FileRecords:
    """The records of `data` in their places. Raises `WrongFormat` for what holds no record at all."""
    reader = _Reader()
    for line, text in _lines(data, reader.file.findings):
        reader.take(line, text)
    return reader.finish()


def _lines(data: bytes, findings: list[Finding]) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and texts of 94 characters; one long line of many records is cut up."""
    text = _decoded(data).rstrip("\x1a\x00").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not text.strip():
        raise WrongFormat("the file is empty", line=0, field="file", found="", expected="records of 94 characters")
    if len(lines[0]) > WIDTH and len(lines[0]) % WIDTH == 0:
        whole = lines[0]
        lines[:1] = [whole[at : at + WIDTH] for at in range(0, len(whole), WIDTH)]
    if len(lines) > _MOST_LINES:
        raise WrongFormat("too many lines", line=0, field="file", found=str(len(lines)), expected=str(_MOST_LINES))
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if line[WIDTH:].strip():
            findings.append(Finding("record-length", number, "record", f"{len(line)} characters", f"{WIDTH}"))
        yield number, line[:WIDTH].ljust(WIDTH)


def _decoded(data: bytes) -> str:
    """One character per column: UTF-8 where the bytes are that, Latin-1 otherwise."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


class _Reader:
    """Puts one record after the other into its place."""

    def __init__(self) -> None:
        self.file = FileRecords()
        self.batch: BatchRecords | None = None
        self.line = 0

    def take(self, line: int, text: str) -> None:
        self.line = line
        if text.strip("9 ") == "" and text.startswith("99"):
            return
        kind = text[0]
        if kind not in _NAMES:
            self.blame("record-type", text, "1, 5, 6, 7, 8 or 9")
            return
        self.file.count += 1
        if self.file.control is not None:
            self.blame("file-control", text, "the end of the file, or padding of 9s")
            return
        match kind:
            case "1":
                self._file_header(text)
            case "5":
                self._batch_header(text)
            case "6":
                self._entry(text)
            case "7":
                self._addenda(text)
            case "8":
                self._batch_control(text)
            case "9":
                self._file_control(text)

    def finish(self) -> FileRecords:
        self._close("the end of the file")
        if self.file.header is None:
            self.file.findings.append(Finding("file-header", 1, "record type", "none", "a file header (1) first"))
        if self.file.control is None:
            self.file.findings.append(Finding("file-control", self.line, "record type", "none", "a file control (9)"))
        return self.file

    def blame(self, rule: str, text: str, expected: str) -> None:
        found = f"{_NAMES.get(text[0], 'record')} {text.strip()}"
        self.file.findings.append(Finding(rule, self.line, "record type", found, expected))

    def record(self, shape: Shape, text: str) -> Record:
        return Record(self.line, shape, text, shape.cut(text))

    def _close(self, before: str) -> None:
        """A batch that has no control before the next thing begins."""
        if self.batch is not None and self.batch.control is None:
            self.file.findings.append(
                Finding("record-order", self.line, "record type", before, "a batch control (8) first")
            )
        self.batch = None

    def _file_header(self, text: str) -> None:
        if self.file.header is not None or self.file.batches:
            self.blame("file-header", text, "one file header, as the first record")
        self._close("file header")
        if self.file.header is None:
            self.file.header = self.record(shapes.FILE_HEADER, text)

    def _batch_header(self, text: str) -> None:
        self._close("batch header")
        international = text[50:53] == "IAT" or text[4:20].strip() == "IATCOR"
        shape = shapes.IAT_BATCH_HEADER if international else shapes.BATCH_HEADER
        self.batch = BatchRecords(self.record(shape, text))
        self.file.batches.append(self.batch)

    def _entry(self, text: str) -> None:
        if self.batch is None:
            self.blame("record-order", text, "a batch header (5) before it")
            return
        shape = {"CTX": shapes.CTX_ENTRY, "ATX": shapes.CTX_ENTRY, "TRX": shapes.CTX_ENTRY, "ADV": shapes.ADV_ENTRY}
        chosen = shapes.IAT_ENTRY if self.batch.is_iat else shape.get(self.batch.sec, shapes.ENTRY)
        self.batch.entries.append(EntryRecords(self.record(chosen, text)))

    def _addenda(self, text: str) -> None:
        if self.batch is None or not self.batch.entries:
            self.blame("record-order", text, "an entry (6) before it")
            return
        shape = {"98": shapes.CHANGE, "99": shapes.RETURN}.get(text[1:3], shapes.ADDENDA)
        self.batch.entries[-1].addenda.append(self.record(shape, text))

    def _batch_control(self, text: str) -> None:
        if self.batch is None:
            self.blame("record-order", text, "a batch header (5) before it")
            return
        advice = self.batch.sec == "ADV"
        self.batch.control = self.record(shapes.ADV_BATCH_CONTROL if advice else shapes.BATCH_CONTROL, text)
        self.batch = None

    def _file_control(self, text: str) -> None:
        self._close("file control")
        advice = any(each.sec == "ADV" for each in self.file.batches)
        self.file.control = self.record(shapes.ADV_FILE_CONTROL if advice else shapes.FILE_CONTROL, text)
