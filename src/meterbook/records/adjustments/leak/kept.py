"""How a computed credit is kept with its adjustment, and read again for the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from meterbook.engine.billing.leak.repriced import AgainLine
from meterbook.engine.billing.leak.rules import Judged
from meterbook.engine.billing.leak.usage import plain
from meterbook.engine.trace import Step, Value
from meterbook.records.adjustments.leak.preview import Recomputed


def step_to_json(step: Step) -> dict[str, Any]:
    """A sentence with its values; dates are told apart from text."""
    return {"message": step.message, "values": {name: _plain(value) for name, value in step.values.items()}}


def step_from_json(found: dict[str, Any]) -> Step:
    """The sentence as it was."""
    return Step(found["message"], {name: _value(value) for name, value in found["values"].items()})


def _plain(value: Value) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Step):
        return {"step": step_to_json(value)}
    return plain(value) if isinstance(value, Decimal) else value


def _value(found: Any) -> Value:
    if isinstance(found, dict):
        return date.fromisoformat(found["date"]) if "date" in found else step_from_json(found["step"])
    return found  # type: ignore[no-any-return]


def rules_to_json(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Every rule with what was found."""
    return [
        {"rule": one.rule, "met": one.met, "waivable": one.waivable, "says": step_to_json(one.says)} for one in judged
    ]


def rules_from_json(found: Sequence[dict[str, Any]]) -> list[Judged]:
    """The rules as they were judged."""
    return [Judged(one["rule"], one["met"], one["waivable"], step_from_json(one["says"])) for one in found]


def derivation(part: Recomputed) -> dict[str, Any]:
    """How one part was computed: usage, lines as billed and as they would be, every step."""
    return {
        "segment": [part.segment.run_id, part.segment.id], "agreement": part.segment.agreement_id,
        "starts": part.segment.starts.isoformat(), "ends": part.segment.ends.isoformat(), "unit": part.unit,
        "used": plain(part.used), "base": plain(part.base), "billed": plain(part.billed),
        "tariff": part.segment.document.sha256, "credit_cents": part.credit_cents,
        "before": [_line(line) for line in part.before], "after": [_line(line) for line in part.after],
        "steps": [step_to_json(step) for step in part.steps],
    }  # fmt: skip


def _line(line: AgainLine) -> dict[str, Any]:
    return {
        "component": line.component, "part": line.part, "version": line.version, "starts": line.starts.isoformat(),
        "quantity": plain(line.quantity), "price": plain(line.price), "cents": line.amount_cents,
        "revenue": line.revenue, "words": dict(line.words),
    }  # fmt: skip
