"""Card numbers: found in any text, so that none is ever stored."""

from __future__ import annotations

import re

_LONG = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])")


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits with a card's check digit stand somewhere in a text.

    >>> holds_card_number("4242 4242 4242 4242"), holds_card_number("4242424242424241"), holds_card_number("1000017")
    (True, False, False)
    """
    return any(_luhn(re.sub("[ -]", "", found)) for found in _LONG.findall(text))


def without_card_numbers(text: str) -> str:
    """The text with every card number struck out.

    >>> without_card_numbers("paid with 4242424242424242, thanks")
    'paid with [card number], thanks'
    """
    return _LONG.sub(lambda found: "[card number]" if _luhn(re.sub("[ -]", "", found[0])) else found[0], text)


def _luhn(digits: str) -> bool:
    doubled = (2 * int(each) for each in digits[-2::-2])
    return (sum(each - 9 if each > 9 else each for each in doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0
