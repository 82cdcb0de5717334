"""Marks of payers' bank accounts: enough to see the same one again, useless to find the number."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

_SALT = b"meterbook payer mark"


def payer_marks(accounts: Iterable[tuple[str, str]]) -> list[str]:
    """A keyed hash (64 hexadecimal digits) for each (routing number, account number); '' where either is missing.

    The key comes from the installation's secret key, so that marks of two installations have nothing in common.
    """
    key = hashlib.sha256(_SALT + settings.SECRET_KEY.encode()).digest()
    return [
        hmac.digest(key, f"{routing}:{number.lstrip('0')}".encode(), "sha256").hex() if routing and number else ""
        for routing, number in accounts
    ]


def payer_mark(routing: str, number: str) -> str:
    """The mark of one bank account; see `payer_marks`."""
    return payer_marks([(routing, number)])[0]
