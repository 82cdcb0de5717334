"""Billed usage that cannot be, by a check of its own: it knows pipes, wires and digits, and none of the rules."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from meterbook.demo.bench.vee.labels import IMPOSSIBLE, Fault, Shown, most_a_day
from meterbook.records.platform.copying import copy_out

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun

Key = tuple[str, str]
#: The sewer of a home is priced from the same water.
_INPUTS = "SELECT inputs::text FROM billing_segment WHERE run_id = %s AND commodity IN ('water', 'electricity')"
_REGISTERS = """
SELECT g.id, m.serial, g.channel, m.commodity, m.size
  FROM metering_register g JOIN metering_meter m ON m.id = g.meter_id
"""
_REGISTER_TYPES = {
    "id": pl.Int64, "serial": pl.String, "channel": pl.String, "commodity": pl.String, "size": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of usage on a bill: between two reads of a register."""

    key: Key
    commodity: str
    size: str
    dials: int
    multiplier: int
    starts: date
    ends: date
    first: Decimal
    last: Decimal
    quantity_e6: int


def billed_pieces(run: BillRun) -> list[Piece]:
    """Every stretch of usage the run's bills are made of."""
    registers = {row[0]: row[1:] for row in copy_out(_REGISTERS, [], _REGISTER_TYPES).iter_rows()}
    found: list[Piece] = []
    for (inputs,) in copy_out(_INPUTS, [run.pk], {"inputs": pl.String}).iter_rows():
        found += [_piece(piece, registers) for piece in json.loads(inputs).get("pieces", [])]
    return found


def _piece(piece: dict[str, Any], registers: dict[int, Any]) -> Piece:
    serial, channel, commodity, size = registers[piece["register"]]
    return Piece(
        (serial, channel), commodity, size, piece["dials"], int(Decimal(piece["multiplier"])),
        date.fromisoformat(piece["from_on"]), date.fromisoformat(piece["to_on"]), Decimal(piece["from_value"]),
        Decimal(piece["to_value"]), piece["quantity_e6"],
    )  # fmt: skip


def impossible(pieces: list[Piece], faults: list[Fault], rows: dict[Key, Shown], on: date) -> list[str]:
    """What cannot be, a sentence each; ``on`` is the day the faulty reads carry."""
    wrong = {
        fault.key: Decimal(fault.told).scaleb(-rows[fault.key].decimals)
        for fault in faults if fault.effect in IMPOSSIBLE
    }  # fmt: skip
    days = Counter((piece.key, piece.ends) for piece in pieces)
    return [why for piece in pieces for why in _wrong_with(piece, wrong, days, on)]


def _wrong_with(piece: Piece, wrong: dict[Key, Decimal], days: Counter[Any], on: date) -> Iterator[str]:
    name = f"{piece.key[0]} {piece.key[1]} {piece.ends}"
    length = (piece.ends - piece.starts).days
    if piece.quantity_e6 < 0:
        yield f"{name}: less than nothing"
    if piece.quantity_e6 > most_a_day(piece.commodity, piece.size, piece.multiplier) * max(length, 1):
        yield f"{name}: more than can pass"
    if max(piece.first, piece.last) >= 10**piece.dials:
        yield f"{name}: more digits than dials"
    if length <= 0 or days[piece.key, piece.ends] > 1:
        yield f"{name}: two reads of one day"
    if piece.ends == on and wrong.get(piece.key) == piece.last:
        yield f"{name}: a read that cannot be true"
