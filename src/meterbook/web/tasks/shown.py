"""A task as rows show it: the sentence in the reader's language, the page where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from meterbook.engine.trace import Step, Value
from meterbook.records.tasks.saying import heard
from meterbook.web.kit import figures
from meterbook.web.kit.cells import Row


def said(kept: dict[str, Any]) -> str:
    """A sentence on record in the reader's language, days as the reader writes them."""
    return _readable(heard(kept)).words(gettext)


def _readable(step: Step) -> Step:
    return Step(step.message, {name: _value(one) for name, one in step.values.items()})


def _value(one: Value) -> Value:
    if isinstance(one, Step):
        return _readable(one)
    return str(figures.day(one)) if isinstance(one, date) else one


def address(name: str, args: Sequence[Any]) -> str:
    """The page something stands on; nothing where there is none any more."""
    try:
        return reverse(name, args=list(args)) if name else ""
    except NoReverseMatch:
        return ""


def in_words(rows: list[Row]) -> None:
    """Put the sentence of each row into words."""
    for row in rows:
        row["words"] = said(row["title"])


def told_in_words(rows: list[Row]) -> None:
    """Put what somebody was told into words."""
    for row in rows:
        row["said"] = said(row["words"])
        row["state"] = "seen" if row["seen_at"] else "new"
