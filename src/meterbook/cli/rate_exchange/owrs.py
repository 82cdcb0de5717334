"""The Open Water Rate Specification: every customer class of a file is a document of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from meterbook.cli.rate_exchange.outcome import Document, Outcome, Remark
from meterbook.engine.rates.tariff import TariffError, parse_tariff
from meterbook.formats.contract import WrongFormat
from meterbook.formats.owrs import parse, write
from meterbook.formats.owrs.export import Exported, export, together
from meterbook.formats.owrs.native import Converted, convert


def take_in(data: bytes, *, file: str, revenue: str) -> Outcome:
    """The documents of one file, called ``file`` in their origin, on the revenue account ``revenue``."""
    found = Outcome()
    try:
        owrs = parse(data)
    except WrongFormat as error:
        found.say("refused", "", f"line {error.line}: {error.reason}")
        return found
    for name, sentence in owrs.unread.items():
        found.say("refused", name, sentence)
    for name in owrs.classes:
        try:
            converted = convert(owrs, name, file=file, revenue=revenue)
            parse_tariff(converted.text, file=file)
        except TariffError as error:
            first = error.problems[0]
            found.say("refused", name, f"{first.path}: found {first.found}, expected {first.expected}")
            continue
        except (ValueError, ArithmeticError, RecursionError) as error:
            found.say("refused", name, str(error))
            continue
        found.documents.append(Document(name, _file_name(converted, file, name), converted.text))
        for remark in converted.remarks:
            found.remarks.append(Remark(remark.kind, name, remark.sentence))
    return found


def give_out(documents: Sequence[tuple[str, str]]) -> tuple[bytes, Outcome]:
    """One OWRS file of ``documents`` (name and text each); those that are none are refused."""
    found = Outcome()
    parts: list[Exported] = []
    for file, text in documents:
        try:
            part = export(text, file=file)
        except TariffError as error:
            found.say("refused", file, str(error.problems[0]))
            continue
        parts.append(part)
        for sentence in part.remarks:
            found.say("lacking", file, sentence)
    if not parts:
        return b"", found
    owrs, sentences = together(parts)
    for sentence in sentences:
        found.say("lacking", "", sentence)
    return write(owrs), found


def _file_name(converted: Converted, file: str, name: str) -> str:
    """A name that only this class of this file has: schedules of different utilities can be spelled alike."""
    schedule = re.sub(r"[^A-Z0-9]+", "-", converted.schedule).lower()
    mark = hashlib.sha256(f"{file}\0{name}".encode()).hexdigest()[:8]
    return f"{schedule}.{converted.effective.isoformat()}.{mark}"
