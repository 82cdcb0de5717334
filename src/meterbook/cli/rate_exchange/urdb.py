"""The OpenEI Utility Rate Database: every rate record of a file is a document of its own."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from meterbook.cli.rate_exchange.outcome import Document, Outcome
from meterbook.engine.rates.tariff import TariffError, parse_tariff
from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb import Conventions, UrdbRate, exported, imported, parse, write


def take_in(data: bytes, *, file: str, revenue: str) -> Outcome:
    """The documents of one file, called ``file`` in messages, on the revenue account ``revenue``."""
    found = Outcome()
    try:
        rates = parse(data)
    except WrongFormat as error:
        found.say("refused", "", _sentence(error))
        return found
    for at, rate in enumerate(rates):
        part = rate.name or f"record {at + 1}"
        try:
            text = imported(rate, Conventions(revenue=revenue))
            parse_tariff(text, file=file)
        except WrongFormat as error:
            found.say("refused", part, _sentence(error))
            continue
        except TariffError as error:
            first = error.problems[0]
            found.say("refused", part, f"{first.path}: found {first.found}, expected {first.expected}")
            continue
        found.documents.append(Document(part, _file_name(rate), text))
        for lack in rate.lacks:
            found.say("lacking", part, str(lack))
        for note in rate.notes:
            found.say("kept" if note.words.endswith("kept, not priced") else "assumed", part, str(note))
        if rate.metering or any(tier.sell for period in rate.energy.tiers for tier in period):
            found.say("kept", part, "sell prices and dgrules are kept: what exports earn is a program, not a charge")
    return found


def give_out(documents: Sequence[tuple[str, str]]) -> tuple[bytes, Outcome]:
    """One URDB file of ``documents`` (name and text each); those that are none are refused."""
    found = Outcome()
    records: list[dict[str, Any]] = []
    for file, text in documents:
        try:
            parse_tariff(text, file=file)
            records.append(exported(text))
        except TariffError as error:
            found.say("refused", file, str(error.problems[0]))
        except WrongFormat as error:
            found.say("refused", file, _sentence(error))
    return (write(records) if records else b""), found


def _sentence(error: WrongFormat) -> str:
    """The refusal without a line where none is to blame: paths name the place."""
    where = error.field if not error.line else f"line {error.line}, {error.field}"
    return f"{where}: {error.reason}; found {error.found or 'nothing'}, expected {error.expected}"


def _file_name(rate: UrdbRate) -> str:
    """A name that only this record has: its label says which it is, or what it holds where it has no label."""
    label = str(rate.raw.get("label") or "")
    words = f"{rate.utility} {rate.name or label or 'rate'}".lower()
    name = re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:80].strip("-") or "rate"
    content = json.dumps(rate.raw, sort_keys=True, default=str)
    mark = label if re.fullmatch(r"[0-9A-Za-z]{1,40}", label) else hashlib.sha256(content.encode()).hexdigest()[:8]
    return ".".join([name, *([rate.effective.isoformat()] if rate.effective else []), mark])
