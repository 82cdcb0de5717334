"""Showing what a deed will do by doing it and taking it back: what is previewed is what happens (decision 27)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

Made = TypeVar("Made")
Seen = TypeVar("Seen")


class _Enough(Exception):
    """Carries what was seen out of the transaction that is taken back."""

    def __init__(self, seen: Any) -> None:
        self.seen = seen
        super().__init__("taken back")


def rehearse(do: Callable[[], Made], look: Callable[[Made], Seen]) -> Seen:
    """Do something, look at what it made, take everything back. What it refuses is raised as it would be."""
    try:
        with transaction.atomic():
            raise _Enough(look(do()))
    except _Enough as seen:
        found: Seen = seen.seen
        return found
