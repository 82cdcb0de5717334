"""Whether a file can be taken, in one line: what `meterbook formats check` prints and screens may show beforehand.

A file is valid only if *every* part of it can be taken. A read file with one bad row still loads its good rows, but it
is not valid: the first problem is named. What is judged is the file alone, by the rules of its format's folder; whether
a meter or account of that number exists is the import's question.

>>> from meterbook.formats.registry import discover
>>> judge(discover()["scanline"], b"00000010024525032800000070005")
Verdict(valid=True, reason='1 scanline')
>>> judge(discover()["scanline"], b"00000010024525032800000070006").reason
'line 1, check digit: misread or mistyped; found 6, expected 5'
"""

from __future__ import annotations

from typing import Any

from meterbook.formats.contract import Format, ParsedPayments, ParsedReads, Problem, Verdict, WrongFormat, shortened
from meterbook.formats.statements import Control, ParsedStatements, money_text

_REASON_LIMIT = 600  # characters; a heading line quoted in full would fill the screen


def judge(format: Format[Any], data: bytes) -> Verdict:
    """Read `data` as a file of `format` and say whether all of it can be taken.

    The reason has no tab, line break or other unprintable character. Never raises for anything in the file.
    """
    try:
        parsed = format.parse(data)
    except WrongFormat as refusal:
        return _verdict(valid=False, reason=str(refusal))
    if format.judge is not None:
        found = format.judge(parsed)
        return _verdict(valid=found.valid, reason=found.reason)
    if isinstance(parsed, ParsedReads):
        return _of_reads(parsed)
    if isinstance(parsed, ParsedPayments):
        return _of_payments(parsed)
    if isinstance(parsed, ParsedStatements):
        return _of_statements(parsed)
    return _verdict(valid=True, reason=counted(len(parsed) if isinstance(parsed, list) else 1, _noun(format)))


def one_line(text: str, limit: int = _REASON_LIMIT) -> str:
    """`text` without tabs, line breaks and what cannot be printed, cut to `limit` characters.

    >>> one_line("a\\tb\\r\\nc\\x00")
    'a b c?'
    """
    words = " ".join(text.split())
    return shortened("".join(each if each.isprintable() else "?" for each in words), limit)


def counted(number: int, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "read"), counted(1200, "read")
    ('1 read', '1200 reads')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _verdict(*, valid: bool, reason: str) -> Verdict:
    return Verdict(valid, one_line(reason))


def _noun(format: Format[Any]) -> str:
    return {"scanline": "scanline", "tariffs": "rate", "routes": "stop"}.get(format.kind, "record")


def _of_reads(parsed: ParsedReads) -> Verdict:
    if parsed.problems:
        bad = len({problem.line for problem in parsed.problems})
        return _first(parsed.problems, f"{bad} of {counted(parsed.rows, 'row')} cannot be taken")
    parts = [counted(len(parsed.records), "read")] if parsed.records or not parsed.intervals else []
    if parsed.intervals:
        values = sum(len(block.values) for block in parsed.intervals)
        missing = sum(flag == "missing" for block in parsed.intervals for flag in block.flags)
        parts.append(f"{counted(len(parsed.intervals), 'interval block')} of {counted(values, 'value')}")
        parts += [f"{missing} of them missing"] if missing else []
    if parsed.nonreads:
        parts.append(counted(len(parsed.nonreads), "meter") + " not read")
    return _verdict(valid=True, reason=f"{counted(parsed.rows, 'row')}: {', '.join(parts)}")


def _of_payments(parsed: ParsedPayments) -> Verdict:
    if parsed.problems:
        bad = len({problem.line for problem in parsed.problems})
        return _first(parsed.problems, f"{bad} of {counted(len(parsed.records), 'payment')} cannot be applied")
    total = parsed.control_total_cents
    amount = money_text(total)
    controls = f"; {parsed.controls}" if parsed.controls else ""
    return _verdict(valid=True, reason=f"{counted(len(parsed.records), 'payment')}, total {amount}{controls}")


def _of_statements(parsed: ParsedStatements) -> Verdict:
    """What is on the statements, the control totals that agree, the questions to the bank, the sender's habits."""
    parts = [
        f"{counted(len(parsed.statements), 'statement')}, {counted(len(parsed), 'line')}: "
        f"in {money_text(parsed.credits_cents)}, out {money_text(parsed.debits_cents)}"
    ]
    agreeing = [each for each in parsed.controls if each.agrees]
    if agreeing:
        totals = [f"{each.level} {money_text(each.stated)}" for each in agreeing if each.what == "control total"]
        shown = f" ({', '.join(totals[-3:])})" if totals else ""
        parts.append(f"{counted(len(agreeing), 'control')} agree{'s' if len(agreeing) == 1 else ''}{shown}")
    parts += [f"{each.level} {each.of}: {each.what} {_said(each, each.counted)}, the file states "
              f"{_said(each, each.stated)}" for each in parsed.differences]  # fmt: skip
    parts += [f"not compared: {', '.join(each.foreign)}" for each in parsed.statements if each.foreign]
    parts += [f"accepted: {each}" for each in parsed.variants]
    return _verdict(valid=True, reason="; ".join(parts))


def _said(control: Control, figure: int) -> str:
    is_count = control.what in ("records", "accounts", "groups", "entries", "credits", "debits", "payments")
    return str(figure) if is_count else money_text(figure)


def _first(problems: list[Problem], summary: str) -> Verdict:
    first = min(problems, key=lambda problem: problem.line)
    found = first.found or "nothing"
    where = f"line {first.line}, {first.field}"
    return _verdict(valid=False, reason=f"{summary}; {where}: found {found}, expected {first.expected}")
