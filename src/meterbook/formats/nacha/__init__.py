"""ACH files of the Nacha network: drafts, refunds and reversals out, returns and changes in. See README.md."""

from meterbook.formats.contract import Format
from meterbook.formats.nacha.answers import answer_batch, answer_file, change_asked, returned
from meterbook.formats.nacha.build import (
    CompanySettings,
    Draft,
    Offset,
    make_batches,
    make_file,
    next_modifier,
    reversal_of,
)
from meterbook.formats.nacha.codes import routing_is_valid, trace_number
from meterbook.formats.nacha.parse import examine, parse, verdict
from meterbook.formats.nacha.reasons import CHANGE_REASONS, RETURN_REASONS, ChangeReason, ReturnReason
from meterbook.formats.nacha.rules import RULES, TOLERATED, Finding
from meterbook.formats.nacha.values import AchFile, Addenda, Batch, Change, Correction, Entry, Return
from meterbook.formats.nacha.write import RefusedToWrite, write

FORMAT: Format[AchFile] = Format(
    name="nacha",
    title="ACH file of the Nacha network (94 columns: drafts, returns, notifications of change)",
    kind="ach",
    parse=parse,
    write=write,
    judge=verdict,
)

__all__ = [
    "CHANGE_REASONS", "FORMAT", "RETURN_REASONS", "RULES", "TOLERATED", "AchFile", "Addenda", "Batch", "Change",
    "ChangeReason", "CompanySettings", "Correction", "Draft", "Entry", "Finding", "Offset", "RefusedToWrite", "Return",
    "ReturnReason", "answer_batch", "answer_file", "change_asked", "examine", "make_batches", "make_file",
    "next_modifier", "parse", "returned", "reversal_of", "routing_is_valid", "trace_number", "verdict", "write",
]  # fmt: skip
