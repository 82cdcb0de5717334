"""What will post if a request is approved, as rows a person can read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.adjustments import screens as adjustments
from meterbook.records.agencies import screens as agencies
from meterbook.records.rates.draft_screens import draft_of_request
from meterbook.web.kit import figures, words
from meterbook.web.kit.access import may
from meterbook.web.metering.queue.approving import read_rows

LABELS: dict[str, str | Promise] = {
    "person": _("Person"),
    "does": _("What"),
    "first_day": _("From"),
    "last_day": _("To"),
    "number": _("Run"),
    "bills": _("Bills"),
    "cents": _("Charges"),
    "lines": _("Lines"),
    "held_points": _("Service points held"),
    "held_accounts": _("Accounts held"),
    "services": _("Charges by service"),
    "tariffs": _("Tariffs used, with the fingerprint of each"),
    "inputs_sha256": _("Fingerprint of the inputs"),
    "sha256": _("Fingerprint of the text"),
    "schedule": _("Schedule"),
    "title": _("Title"),
    "adds": _("Adds"),
    "chart": _("Chart of accounts"),
    "effective": _("Effective"),
    "version": _("Version"),
    "source": _("Enacted by"),
    "segments": _("Agreements"),
    "revenue": _("Revenue"),
    "months": _("Months of bills"),
    "bills_priced": _("Bills priced"),
    "bills_unpriced": _("Bills that cannot be charged"),
    "old_cents": _("Today"),
    "new_cents": _("Draft"),
    "difference_cents": _("Change"),
    "billed_already": _("Bills issued already for days of these rates"),
    "cases_sha256": _("Fingerprint of the golden bills"),
    "revision": _("Revision"),
    "case": _("Correction case"),
    "cause": _("Cause"),
    "discovered_on": _("Discovered"),
    "correction": _("What is corrected"),
    "was_cents": _("Was billed"),
    "becomes_cents": _("Becomes"),
    "charged_cents": _("Charged"),
    "credited_cents": _("Credited"),
    "outside_charge_cents": _("Outside the limit, not charged"),
    "outside_credit_cents": _("Outside the limit, not refunded"),
    "en": _("English"),
    "es": _("Spanish"),
}


def request_context(request: HttpRequest, asked: Any) -> dict[str, object]:
    """What the page of one request shows: its preview, and whether this reader may decide it."""
    draft = draft_of_request(asked.pk) if asked.kind == "rates.release_tariff" else None
    mine = asked.requested_by_id == request.user.pk
    elsewhere = decided_at(asked)
    return {
        "elsewhere": elsewhere,
        "asked": asked,
        "preview": BY_KIND.get(asked.kind, preview_rows)(asked.preview),
        "mine": mine,
        "may_decide": asked.status == "pending"
        and not mine
        and not draft
        and not elsewhere
        and asked.kind != "corrections.post_case"
        and may(request, "platform.decide_approval"),
        "draft_id": draft,
        "case_id": asked.subject.partition(":")[2] if asked.kind == "corrections.post_case" else "",
        "run_id": asked.subject.partition(":")[2] if asked.kind == "billing.post_run" else "",
    }


#: Pages on which requests about refunds are decided, by kind.
_REFUNDS = {
    "refunds.decide": "refund", "refunds.decide_small": "small_batch", "refunds.decide_claim": "unclaimed_claim",
    "refunds.decide_rebate": "rebate",
}  # fmt: skip


def decided_at(asked: Any) -> str:
    """The page of its own where an adjustment or a remittance is decided, or nothing."""
    if asked.kind == "adjustments.decide" and (rows := adjustments.of_request(asked.pk)):
        return reverse("adjustment", args=[rows[0].pk])
    if asked.kind == "platform.decide_role":
        return reverse("staff_member", args=[asked.preview["person"]])
    if asked.subject.startswith("security:"):
        return reverse("security_request", args=[asked.pk])
    if asked.kind == "agencies.decide_remittance" and (found := agencies.of_request(asked.pk)):
        return reverse("remittance", args=[found.pk])
    if asked.kind == "payments.decide_change":
        return reverse("hand_change", args=[int(asked.subject.partition(":")[2])])
    if asked.kind in ("autopay.approve_run", "autopay.reverse_entries"):
        page = "draft_run" if asked.kind == "autopay.approve_run" else "ach_reversal"
        return reverse(page, args=[int(asked.subject.partition(":")[2])])
    if asked.subject.startswith("destruction:"):
        return reverse("retention")
    if asked.subject.startswith("revenueclaim:"):
        return reverse("case", args=[int(asked.subject.partition(":")[2])])
    if asked.kind == "refunds.take_over":
        return reverse("take_over", args=[asked.pk])
    if asked.kind in _REFUNDS:
        return reverse(_REFUNDS[asked.kind], args=[int(asked.subject.partition(":")[2])])
    return ""


def preview_rows(preview: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """A preview as labels and lines of text, what matters most first."""
    return [(_label(key), _lines(key, preview[key])) for key in _in_order(preview)]


#: What is approved in words of its own; everything else by its labels.
BY_KIND = {"metering.accept_read": read_rows}


def _in_order(found: dict[str, Any]) -> list[str]:
    """The keys, what matters most first; those nobody ordered as they came."""
    order = {key: place for place, key in enumerate(LABELS)}
    return sorted(found, key=lambda key: order.get(key, len(order)))


def _label(key: str) -> str:
    return str(LABELS.get(key, "")) or key.replace("_", " ").capitalize()


def _lines(key: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        if key == "services":
            return [f"{words.say('commodity', name)}: {_service(each)}" for name, each in value.items()]
        return [
            f"{_label(name)}: {' '.join(_lines(name, each))}"
            for name, each in ((name, value[name]) for name in _in_order(value))
        ]
    if isinstance(value, list):
        return [
            " · ".join(text for _name, text in _pairs(each)) if isinstance(each, dict) else str(each) for each in value
        ]
    if key == "cents" or key.endswith("_cents"):
        return [figures.money(int(value))]
    return [figures.count(value) if isinstance(value, int) else str(value)]


def _service(found: Any) -> str:
    if isinstance(found, dict) and "cents" in found:
        return figures.money(int(found["cents"]))
    return str(found)


def _pairs(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, " ".join(_lines(name, found[name]))) for name in _in_order(found)]
