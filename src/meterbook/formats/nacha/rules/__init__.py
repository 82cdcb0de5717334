"""The rules a file is held to, by name, and what breaking one is called.

>>> str(Finding("entry-hash", 9, "entry hash", "0012345678", "0012345679"))
'entry-hash, line 9, entry hash: found 0012345678, expected 0012345679'
"""

from __future__ import annotations

from dataclasses import dataclass

from meterbook.formats.contract import shortened

RULES: dict[str, str] = {
    "record-length": "a record has 94 characters; a shorter one is read as if blank-filled",
    "record-type": "a record begins with 1, 5, 6, 7, 8 or 9",
    "file-header": "one file header, and it is the first record",
    "file-control": "one file control, and nothing but padding after it",
    "record-order": "batch header, entries with their addenda, batch control; nothing outside a batch",
    "constants": "record size 094, blocking factor 10, format code 1",
    "destination": "the immediate destination is a routing number whose check digit is right",
    "origin": "the immediate origin is there and not all zeros",
    "file-date": "the creation date is a date, YYMMDD",
    "id-modifier": "the file id modifier is one of A to Z and 0 to 9",
    "characters": "text is printable ASCII",
    "digits": "a number has digits only",
    "mandatory": "a mandatory field is not blank, a name or description not only zeros",
    "service-class": "200, 220 or 225 (280 for advices), the same in header and control, and it allows the entry",
    "entry-class": "the standard entry class code exists",
    "originator-status": "1, or 2 for a federal agency; 0 in advices only",
    "transaction-code": "the transaction code exists and may stand in this batch",
    "check-digit": "the check digit belongs to the receiver's bank number",
    "amount": "prenotes, zero-dollar entries and notifications of change carry no amount, all else does",
    "addenda-indicator": "1 exactly when addenda follow",
    "addenda-type": "the addenda type belongs to the entry class",
    "addenda-count": "as many addenda as the class allows and the entry states",
    "addenda-sequence": "addenda ascend and carry the last seven digits of their entry's trace number",
    "return-code": "the return reason code exists",
    "change-code": "the change code exists",
    "corrected-data": "the corrected data hold what the change code promises, in their columns",
    "trace-order": "trace numbers ascend within a batch",
    "trace-bank": "a trace number begins with the batch's originating bank",
    "batch-entries": "a batch has entries, and returns are not mixed with others",
    "same-company": "company, bank and batch number agree in batch header and control",
    "entry-count": "entries and addenda are as many as the control says",
    "entry-hash": "the bank numbers add up to the control's entry hash",
    "debit-total": "the debits add up to the control's total",
    "credit-total": "the credits add up to the control's total",
    "batch-count": "the batches are as many as the file control says",
    "block-count": "the blocks of ten records are as many as the file control says",
    "no-entries": "a file has entries (a bank's file without any is read as nothing)",
    "written": "what we write keeps the entry classes, names, dates and payment types the network asks for",
}

TOLERATED = frozenset(
    ["constants", "destination", "origin", "file-date", "id-modifier", "characters", "corrected-data", "block-count",
     "no-entries", "mandatory", "trace-bank", "trace-order"]
)  # fmt: skip
"""Broken, these make a file invalid but not unreadable: the bank's file loads, and says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken: `line` counts from 1 (0: the file as a whole), `found` and `expected` in the file's words."""

    rule: str
    line: int
    field: str
    found: str
    expected: str

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"no rule {self.rule!r}")

    @property
    def tolerated(self) -> bool:
        return self.rule in TOLERATED

    def __str__(self) -> str:
        found = shortened(self.found.strip()) or "nothing"
        return f"{self.rule}, line {self.line}, {self.field}: found {found}, expected {self.expected}"
