"""The corrected data of a notification of change, column by column, read strictly and written back.

>>> read_correction("C03", "121042882   5654221")
(Correction(routing='121042882', account='5654221', transaction_code=None, name=None, identification=None), '')
>>> read_correction("C02", "121042883")
(None, 'routing: 121042883 is not a routing number')
"""

from __future__ import annotations

from meterbook.formats.nacha import codes
from meterbook.formats.nacha.reasons import CHANGE_REASONS
from meterbook.formats.nacha.values import Correction

WIDTH = 29
_COLUMNS: dict[str, dict[str, tuple[int, int]]] = {
    "C01": {"account": (1, 17)},
    "C02": {"routing": (1, 9)},
    "C03": {"routing": (1, 9), "account": (13, 29)},
    "C04": {"name": (1, 22)},
    "C05": {"transaction code": (1, 2)},
    "C06": {"account": (1, 17), "transaction code": (21, 22)},
    "C07": {"routing": (1, 9), "account": (10, 26), "transaction code": (27, 28)},
    "C09": {"identification": (1, 22)},
}
"""Within the 29 columns of the corrected data, counted from 1."""


def read_correction(code: str, text: str) -> tuple[Correction | None, str]:
    """What `code` and the 29 columns say together, and '' or why they cannot be used (then no correction).

    Anything outside the code's own columns is a reason: a bank that aligns differently would be misread. Codes that
    correct nothing of ours give an empty `Correction`. Raises `LookupError` for a code that does not exist.
    """
    if code not in CHANGE_REASONS:
        raise LookupError(f"no change code {code!r}")
    if code not in _COLUMNS:
        return Correction(), ""
    rest = list(text.ljust(WIDTH))
    found: dict[str, str] = {}
    for name, (first, last) in _COLUMNS[code].items():
        found[name] = text[first - 1 : last].strip()
        rest[first - 1 : last] = " " * (last - first + 1)
        problem = _problem(name, found[name], text[first - 1 : last])
        if problem:
            return None, f"{name}: {problem}"
    if "".join(rest).strip():
        return None, f"{''.join(rest).strip()} stands outside the columns of {code}"
    number = found.get("transaction code")
    return Correction(
        routing=found.get("routing"), account=found.get("account"), name=found.get("name"),
        transaction_code=None if number is None else int(number), identification=found.get("identification"),
    ), ""  # fmt: skip


def _problem(name: str, value: str, cut: str) -> str:
    if not value:
        return "blank"
    if name == "routing" and not codes.routing_is_valid(value):
        return f"{value} is not a routing number"
    if name == "account" and (cut.startswith(" ") or " " in value):
        return f"{value} is not left-aligned in its columns, or has blanks within"
    if name == "transaction code" and not (value.isascii() and value.isdigit() and _may_enter(int(value))):
        return f"{value} is not a transaction code of an entry"
    return ""


def _may_enter(code: int) -> bool:
    return code in codes.TRANSACTION_CODES - codes.ADVICE_CODES and not codes.is_answer_code(code)


def write_correction(code: str, correction: Correction) -> str:
    """The corrected data of `code`, blank-filled by whoever places them. Raises `ValueError` where they would not
    be read back as they are.

    >>> write_correction("C06", Correction(account="5654221", transaction_code=37))
    '5654221             37'
    """
    values = {
        "routing": correction.routing, "account": correction.account, "name": correction.name,
        "transaction code": correction.transaction_code, "identification": correction.identification,
    }  # fmt: skip
    line = ""
    for name, (first, _) in _COLUMNS.get(code, {}).items():
        line = line.ljust(first - 1) + str(values[name] or "")
    if read_correction(code, line) != (correction, ""):
        raise ValueError(f"{code}: {correction} cannot be said in it")
    return line
