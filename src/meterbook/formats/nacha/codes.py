"""Codes of the ACH network: entry classes, transaction codes, service classes, and numbers that check themselves.

>>> check_digit("09100001"), routing_is_valid("091000019"), routing_is_valid("091000018")
(9, True, False)
>>> transaction_code("debit", "savings"), transaction_code("debit", "checking", prenote=True)
(37, 28)
"""

from __future__ import annotations

from typing import Literal

Direction = Literal["debit", "credit"]
AccountType = Literal["checking", "savings"]
EntryClass = Literal["PPD", "CCD", "WEB", "TEL", "CTX"]

ENTRY_CLASSES: dict[str, str] = {
    "PPD": "prearranged payment and deposit",
    "CCD": "corporate credit or debit",
    "WEB": "authorized on the internet",
    "TEL": "authorized by telephone",
    "CTX": "corporate trade exchange",
    "COR": "notification of change",
}
"""The SEC codes a utility meets; their rules are checked in full."""

OTHER_CLASSES = frozenset(
    [
        "ACK",
        "ADV",
        "ARC",
        "ATX",
        "BOC",
        "CIE",
        "DNE",
        "ENR",
        "IAT",
        "MTE",
        "POP",
        "POS",
        "RCK",
        "SHR",
        "TRC",
        "TRX",
        "XCK",
    ]
)
"""SEC codes that exist: their structure, totals and addenda are checked, what else their own rules say is not."""

MIXED, CREDITS, DEBITS, ADVICES = 200, 220, 225, 280
SERVICE_CLASSES = frozenset([MIXED, CREDITS, DEBITS, ADVICES])
ADVICE_CODES = frozenset(range(81, 89))
_ACCOUNT_TENS = {"checking": 2, "savings": 3}
TRANSACTION_CODES = frozenset(
    [ten * 10 + unit for ten in (2, 3, 4) for unit in (1, 2, 3, 4, 6, 7, 8, 9)] + [51, 52, 53, 54, 55, 56]
) | ADVICE_CODES  # fmt: skip
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)


def transaction_code(direction: Direction, account_type: AccountType, *, prenote: bool = False) -> int:
    """22, 27, 32 or 37; as a prenote 23, 28, 33 or 38."""
    unit = (3 if prenote else 2) if direction == "credit" else (8 if prenote else 7)
    return _ACCOUNT_TENS[account_type] * 10 + unit


def direction_of(code: int) -> Direction:
    """Which way a transaction code moves money, seen from the receiver's account.

    >>> [direction_of(each) for each in (22, 26, 27, 33, 38, 81, 82)]
    ['credit', 'debit', 'debit', 'credit', 'debit', 'credit', 'debit']
    """
    if code in ADVICE_CODES:
        return "credit" if code % 2 else "debit"
    return "credit" if code % 10 <= 4 else "debit"


def account_type_of(code: int) -> AccountType | None:
    """`checking` for 2x, `savings` for 3x; None for general ledger, loan and advice codes."""
    return {2: "checking", 3: "savings"}.get(code // 10)  # type: ignore[return-value]


def is_prenote(code: int) -> bool:
    """Whether the code announces an entry without moving money (23, 28, 33, 38, …)."""
    return code in TRANSACTION_CODES - ADVICE_CODES and code % 10 in (3, 8)


def is_zero_dollar(code: int) -> bool:
    """Remittance data or an acknowledgment without money."""
    return code in TRANSACTION_CODES - ADVICE_CODES and code % 10 in (4, 9)


def is_answer_code(code: int) -> bool:
    """A return or notification of change (21, 26, 31, 36, …)."""
    return code in TRANSACTION_CODES - ADVICE_CODES and code % 10 in (1, 6)


def answer_code(code: int) -> int:
    """The code a return or notification of change carries for an original of `code`.

    >>> answer_code(27), answer_code(38), answer_code(22)
    (26, 36, 21)
    """
    return code // 10 * 10 + (1 if direction_of(code) == "credit" else 6)


def opposite_code(code: int) -> int:
    """The code that undoes `code`: 27 ↔ 22, 37 ↔ 32. Raises `ValueError` for one that moved no money.

    >>> opposite_code(27), opposite_code(32)
    (22, 37)
    """
    if code not in (22, 27, 32, 37):
        raise ValueError(f"transaction code {code} moved no money that a reversal could bring back")
    return code + (5 if code % 10 == 2 else -5)


def check_digit(eight: str) -> int:
    """The ninth digit of a routing number: weights 3, 7, 1; up to the next ten. Raises `ValueError`."""
    if len(eight) != 8 or not (eight.isascii() and eight.isdigit()):
        raise ValueError(f"{eight!r}: eight digits are needed")
    return -sum(int(digit) * weight for digit, weight in zip(eight, _WEIGHTS, strict=True)) % 10


def routing_is_valid(routing: str) -> bool:
    """Nine digits, not all zeros, whose last one checks."""
    if len(routing) != 9 or not (routing.isascii() and routing.isdigit()) or routing == "000000000":
        return False
    return check_digit(routing[:8]) == int(routing[8])


def trace_number(odfi: str, sequence: int) -> str:
    """The 15 digits of a trace number: the first eight of our bank's routing number, then a sequence in seven.

    >>> trace_number("121042882", 17)
    '121042880000017'
    """
    if not 0 <= sequence <= 9_999_999:
        raise ValueError(f"sequence {sequence}: seven digits")
    check_digit(odfi[:8])
    return f"{odfi[:8]}{sequence:07}"
