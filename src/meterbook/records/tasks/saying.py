"""Sentences kept on record as message and values, to be read in the reader's own language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from meterbook.engine.trace import Step, Value


def kept(step: Step) -> dict[str, Any]:
    """A sentence as JSON.

    >>> kept(Step("Call {name}", {"name": "Ana"}))
    {'message': 'Call {name}', 'values': {'name': 'Ana'}}
    """
    return {"message": step.message, "values": {name: _plain(value) for name, value in step.values.items()}}


def heard(found: dict[str, Any]) -> Step:
    """The sentence again; days are days."""
    return Step(found["message"], {name: _value(value) for name, value in found["values"].items()})


def _plain(value: Value) -> Any:
    if isinstance(value, Step):
        return kept(value)
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value) if isinstance(value, Decimal) else value


def _value(found: Any) -> Value:
    if isinstance(found, dict):
        return date.fromisoformat(found["day"]) if "day" in found else heard(found)
    return str(found)
