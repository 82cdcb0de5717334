"""The magnetic line at the foot of a check, as a reader at the counter sends it or somebody keys it.

ANSI X9.100-160 (E-13B): routing number between transit signs, account number before an on-us sign, check number.
Readers send the signs as letters (``T122000661T 0012345678U 1042``), as ``:`` and ``<`` or as the signs of E-13B; what
is keyed by hand is three groups of digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGNS = str.maketrans({"⑆": "T", "⑈": "U", "⑇": "A", "⑉": "-", ":": "T", "<": "U", "O": "U", ";": "A"})
_TRANSIT = re.compile(r"T(\d{9})T")
_WEIGHTS = (3, 7, 1) * 3


class WrongCheckLine(ValueError):
    """The line at the foot of the check cannot be read."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check's bank, account and number. The account number stays in memory alone: see `masked`."""

    routing: str
    account: str
    number: str

    @property
    def masked(self) -> str:
        """The account as it may be kept and shown: the last four digits.

        >>> CheckLine("122000661", "0012345678", "1042").masked
        '••5678'
        """
        return f"••{self.account[-4:]}"


def routing_holds(routing: str) -> bool:
    """Whether nine digits are a routing number: weights 3, 7, 1 give a multiple of ten.

    >>> routing_holds("122000661"), routing_holds("122000662")
    (True, False)
    """
    if not re.fullmatch(r"[0-9]{9}", routing) or routing == "000000000":
        return False
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, routing, strict=True)) % 10 == 0


def read_check_line(text: str) -> CheckLine:
    """Read a check's line; raises `WrongCheckLine`, which never repeats what was read.

    >>> read_check_line("T122000661T 0012345678U 1042")
    CheckLine(routing='122000661', account='0012345678', number='1042')
    >>> read_check_line("U001042U T122000661T 12345678U").number
    '1042'
    >>> read_check_line("122000661 12345678 1042").account
    '12345678'
    """
    line = text.strip().upper().translate(_SIGNS)
    if (transit := _TRANSIT.search(line)) is not None:
        routing = transit[1]
        before = re.findall(r"\d+", line[: transit.start()])
        rest = [*re.findall(r"\d+", line[transit.end() :].replace("-", "")), *before]
    else:
        routing, *rest = re.findall(r"\d+", line) or [""]
    account, number = ([*rest, "", ""])[:2]
    if not routing_holds(routing):
        raise WrongCheckLine("the routing number does not hold: read the check again")
    if not 4 <= len(account) <= 17:
        raise WrongCheckLine("the account number has 4 to 17 digits: read the check again")
    return CheckLine(routing, account, number.lstrip("0"))
