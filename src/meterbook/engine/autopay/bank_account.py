"""Bank accounts as people write them: the routing number's check digit, digits of the account, what may be shown."""

from __future__ import annotations

import re

from meterbook.engine.trace import N_, Step

#: Weights of the ABA routing number's digits; the weighted sum is a multiple of ten.
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7, 1)
#: An account number in an ACH entry has at most 17 characters.
_NUMBER = re.compile(r"[0-9A-Z-]{2,17}", re.ASCII)
ACCOUNT_TYPES = ("checking", "savings")


class WrongBankAccount(ValueError):
    """Not a bank account banks could know; ``step`` says what is wrong with it."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


def routing_number(text: str) -> str:
    """The nine digits of a routing number typed by people; raises `WrongBankAccount`.

    >>> routing_number("0910-0001-9")
    '091000019'
    >>> routing_number("091000018")
    Traceback (most recent call last):
    meterbook.engine.autopay.bank_account.WrongBankAccount: Routing number 091000018 has a wrong digit.
    """
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]{9}", digits, re.ASCII):
        raise WrongBankAccount(Step(N_("A routing number has nine digits.")))
    if sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 10 or digits == "0" * 9:
        raise WrongBankAccount(Step(N_("Routing number {number} has a wrong digit."), {"number": digits}))
    return digits


def account_number(text: str) -> str:
    """The characters of an account number without blanks; raises `WrongBankAccount`.

    >>> account_number("12 345-678")
    '12345-678'
    """
    number = re.sub(r"\s", "", text).upper()
    if not _NUMBER.fullmatch(number) or not any(each.isdigit() for each in number):
        raise WrongBankAccount(Step(N_("An account number has two to seventeen digits, letters or hyphens.")))
    return number


def last_four(number: str) -> str:
    """The digits that may be shown: the last four, and never more than half of the number.

    >>> last_four("12345-678"), last_four("1234")
    ('5678', '34')
    """
    digits = re.sub(r"[^0-9A-Z]", "", number)
    return digits[-min(4, max(1, len(digits) // 2)) :]
