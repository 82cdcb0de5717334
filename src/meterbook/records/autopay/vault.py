"""Bank account numbers at rest: encrypted, with a key that comes from the environment.

`METERBOOK_VAULT_KEY` is any long secret text; without it the installation's `METERBOOK_SECRET_KEY` serves. Whoever
loses the key loses the numbers, not the books. Several keys, separated by commas, may be given while one replaces
another: the first seals, all unseal.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_SEALS = b"meterbook vault: seal"


class NoVaultKey(RuntimeError):
    """The environment names no key to encrypt bank accounts with."""


class WrongVaultKey(ValueError):
    """What is sealed was sealed with another key."""


def seal(text: str) -> str:
    """A text as only this installation reads it."""
    return _fernet(_secrets()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed; raises `WrongVaultKey`."""
    return unseal_bytes(sealed.encode()).decode()


def seal_bytes(content: bytes) -> bytes:
    """A file as only this installation reads it."""
    return _fernet(_secrets()).encrypt(content)


def unseal_bytes(sealed: bytes) -> bytes:
    """The file that was sealed; raises `WrongVaultKey`."""
    try:
        return _fernet(_secrets()).decrypt(bytes(sealed))
    except InvalidToken:
        raise WrongVaultKey("METERBOOK_VAULT_KEY is not the key this was sealed with") from None


def _secrets() -> tuple[str, ...]:
    given = os.environ.get("METERBOOK_VAULT_KEY") or os.environ.get("METERBOOK_SECRET_KEY") or ""
    found = tuple(part.strip() for part in given.split(",") if part.strip())
    if not found:
        raise NoVaultKey("set METERBOOK_VAULT_KEY: bank accounts are kept encrypted only")
    return found


@lru_cache(maxsize=4)
def _fernet(secrets: tuple[str, ...]) -> MultiFernet:
    keys = [base64.urlsafe_b64encode(hashlib.sha256(_SEALS + each.encode()).digest()) for each in secrets]
    return MultiFernet([Fernet(key) for key in keys])
