"""What the pages of adjustments show: one of them, a claim with its rules and differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from meterbook.engine.billing.leak.rules import Judged
from meterbook.records.adjustments import screens
from meterbook.records.adjustments.leak.kept import derivation, rules_from_json, step_from_json
from meterbook.records.adjustments.leak.preview import Ask, LeakPreview, leak_preview
from meterbook.records.adjustments.on_bills import OTHERS, since_last_bill
from meterbook.records.adjustments.proofs import kept
from meterbook.records.billing import screens as billing
from meterbook.records.billing.explanations import words
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import may
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.refusals import in_words, is_refusal


def adjustment_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    """One adjustment: facts, proofs, and whether this reader may decide, take back or reverse it."""
    waits = found.state == "proposed"
    mine = found.proposed_by.actor_id == request.user.pk
    undone = found.reversed_by.exclude(state__in=["refused", "withdrawn"]).first()
    return {
        "item": found, "words": found.words_es if bilingual() == "es" else found.words_en, "mine": mine,
        "proofs": kept(f"adjustment:{found.pk}"), "undone": undone,
        "says": found.approval.preview.get("why", "") if found.approval else "",
        "may_decide": waits and not mine and may(request, "adjustments.decide"),
        "may_withdraw": waits and mine,
        "may_reverse": found.state == "booked" and not undone and not found.reverses_id
        and may(request, "adjustments.reverse"),
    }  # fmt: skip


def claim_context(request: HttpRequest, claim: Any) -> dict[str, Any]:
    """A leak claim: rules as they were judged, what was computed, and the decision."""
    rows = screens.of_claim(claim.pk)
    mine, first = claim.deed.actor_id == request.user.pk, rows[0]
    return {
        "claim": claim, "rules": rules_shown(rules_from_json(claim.rules)), "proofs": kept(f"leakclaim:{claim.pk}"),
        "parts": [part_shown(row.derivation, row.bill, row.service) for row in _once(rows)], "rows": rows,
        "credit_cents": -sum(row.amount_cents for row in rows), "state": first.state, "request_id": first.approval_id,
        "mine": mine, "may_decide": first.state == "proposed" and not mine and may(request, "adjustments.decide"),
        "may_withdraw": first.state == "proposed" and mine, "first": first,
    }  # fmt: skip


def adjusted_since(bill: Any) -> list[dict[str, Any]]:
    """What the bill's adjustments are made of, in the reader's language; a deposit has a row of its own."""
    rows = since_last_bill([bill]).get(bill.pk, [])
    return [
        {
            "said": one.words[bilingual()], "service": one.service, "effective_on": one.effective_on,
            "amount_cents": one.amount_cents, "adjustment": one.adjustment,
        }
        for one in rows
        if one.words != OTHERS["deposit"]
    ]  # fmt: skip


def _once(rows: Sequence[Any]) -> list[Any]:
    """One row for each bill and service: several accounts of the chart share a computation."""
    return list({(row.bill_id, row.service): row for row in rows}.values())


def rules_shown(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Every rule with its sentence in the reader's language."""
    return [{"met": one.met, "waivable": one.waivable, "says": words([one.says], bilingual())[0]} for one in judged]


def part_shown(kept_part: dict[str, Any], bill: Any, service: str) -> dict[str, Any]:
    """One service of one bill: lines as billed beside lines as they would be, the differences, every step."""
    language = bilingual()
    before = {(one["component"], one["part"], one["version"], one["starts"]): one for one in kept_part["before"]}
    after = {(one["component"], one["part"], one["version"], one["starts"]): one for one in kept_part["after"]}
    lines = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        old_cents, new_cents = (old or {}).get("cents", 0), (new or {}).get("cents", 0)
        lines.append({
            "words": (old or new or {})["words"][language], "old": old, "new": new, "old_cents": old_cents,
            "new_cents": new_cents, "change": new_cents - old_cents,
        })  # fmt: skip
    return {
        "bill": bill, "service": service, "lines": lines, "unit": kept_part["unit"],
        "steps": words([step_from_json(step) for step in kept_part["steps"]], language),
        "old_cents": sum(line["old_cents"] for line in lines), "new_cents": sum(line["new_cents"] for line in lines),
        "change_cents": -kept_part["credit_cents"],
    }  # fmt: skip


def bills_asked(bill: Any, *, both: bool) -> list[Any]:
    """The bill, with the one before it where that is asked for and there is one."""
    before = billing.neighbours(bill)["before"] if both else None
    found = billing.bill(before) if before else None
    return [found, bill] if found else [bill]


def leak_or_refusal(request: HttpRequest, bill: Any) -> dict[str, Any]:
    """What a claim would credit, or why there is none. Before the form is sent, the larger credit is shown."""
    bypassed = request.method != "POST" or "bypassed_sewer" in request.POST
    proofs = len(request.FILES)
    try:
        return leak_shown(bill, both="both" in request.POST, bypassed=bypassed, proofs=proofs)
    except (ValueError, LookupError) as error:
        if not is_refusal(error):
            raise
        return {"refused": in_words(error)}


def leak_shown(bill: Any, *, both: bool, bypassed: bool, proofs: int) -> dict[str, Any]:
    """What a claim would credit, before anything is asked: rules, lines, the whole."""
    today = business_date()
    found: LeakPreview = leak_preview(Ask(tuple(bills_asked(bill, both=both)), today, bill.bill_date, bypassed, proofs))
    return {
        "rules": rules_shown(found.judged), "credit_cents": found.credit_cents,
        "parts": [part_shown(derivation(part), part.bill, part.segment.commodity) for part in found.parts],
    }  # fmt: skip
