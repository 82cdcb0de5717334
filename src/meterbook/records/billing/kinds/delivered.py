"""What a wholesale bill says of its two meters: the check meter's reads, the rule between them, the dispute window."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection

from meterbook.engine.billing.wholesale import Settled, Terms, parse_terms, settle, summed
from meterbook.engine.trace import N_, Step
from meterbook.records.billing.explanations import words
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.partitions import SEGMENT, table_of


def paired_of(inputs: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is sealed of the check meter (``check``, ``terms``), or nothing where a point is measured once."""
    told = inputs.get("paired")
    return json.loads(told) if isinstance(told, str) else told


def check_pieces(inputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The check meter's pieces, their channel named ``check``: they prove the delivery and are not billed."""
    paired = paired_of(inputs)
    return [{**piece, "channel": "check"} for piece in paired["check"]] if paired else []


def settled_from(inputs: Mapping[str, Any]) -> tuple[Settled, Terms] | None:
    """What both meters made by the sealed terms, or nothing where a point is measured once."""
    paired = paired_of(inputs)
    if paired is None:
        return None
    terms = parse_terms(paired["terms"], where="sealed terms")
    return settle(summed(inputs["pieces"]), summed(paired["check"]), terms), terms


def delivery_steps(bill: Bill) -> list[Step]:
    """How the quantity of each delivery on a bill came about, and until when it may be disputed."""
    steps: list[Step] = []
    for inputs in _sealed(bill):
        found = settled_from(inputs)
        if found is None:
            continue
        settled, terms = found
        until = bill.bill_date + timedelta(days=terms.dispute_days)
        steps += settled.steps
        steps.append(Step(N_("This statement may be disputed in writing until {day}."), {"day": until}))
    return steps


def delivery_notes(bill: Bill) -> list[dict[str, str]]:
    """The same in English and in Spanish, sentence by sentence."""
    steps = delivery_steps(bill)
    english, spanish = (words(steps, language) for language in ("en", "es"))
    return [{"en": en, "es": es} for en, es in zip(english, spanish, strict=True)]


def _sealed(bill: Bill) -> list[dict[str, Any]]:
    table = SEGMENT if bill.run.status == BillRun.POSTED else table_of(SEGMENT, bill.run_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT inputs FROM {table} WHERE run_id = %s AND bill_id = %s ORDER BY id", [bill.run_id, bill.pk]
        )
        rows = cursor.fetchall()
    return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in rows]
