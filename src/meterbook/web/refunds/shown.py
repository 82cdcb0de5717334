"""What the pages of refunds show."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds import screens
from meterbook.records.refunds.standing import bounced
from meterbook.records.refunds.worklist import STANDINGS, of_account
from meterbook.web.kit.access import may
from meterbook.web.kit.cells import Row
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.tables import Table
from meterbook.web.refunds.columns import CREDITS

#: Payouts that can still end by hand.
ALIVE = ("waiting", "exported", "issued")


def credit_table(request: HttpRequest) -> tuple[Table, list[tuple[str, int]]]:
    """The worklist in the state its address says, and how many accounts stand where."""
    standing = screens.standings(business_date())
    counts = Counter(row.standing for row in standing.values())
    wanted = request.GET.get("standing", "")
    query = screens.credits()
    if wanted in STANDINGS:
        query = query.filter(account_id__in=[pk for pk, row in standing.items() if row.standing == wanted])

    def enrich(rows: list[Row]) -> None:
        for row in rows:
            found = standing.get(row["account_id"])
            row |= {
                "standing": found.standing if found else "", "suggests": found.suggests if found else "",
                "next_on": found.next_on if found else None,
            }  # fmt: skip

    table = Table(
        request, query, CREDITS, order=("left_on", "since", "account_id"), name="credits",
        title=_("Open credits"), empty=_("No credit is open."), search=("account__number", "account__holder__name"),
        search_label=_("Account or holder"), enrich=enrich,
    )  # fmt: skip
    return table, [(one, counts[one]) for one in STANDINGS]


def credit_context(request: HttpRequest, account: Any) -> dict[str, Any]:
    """An account's credits, why they stayed before, and what this reader may do."""
    day = business_date()
    try:
        found = of_account(account.pk, day)
    except NoPolicy:
        found = None
    return {
        "account": account, "found": found, "reviews": screens.reviews(account.pk),
        "refunds": list(screens.refunds().filter(account_id=account.pk).order_by("-id")[:10]),
        "may_ask": bool(found and found.cents > 0 and may(request, "refunds.propose")),
        "may_review": bool(found and found.cents > 0 and may(request, "refunds.review_credit")),
    }  # fmt: skip


def refund_context(request: HttpRequest, refund: Any) -> dict[str, Any]:
    """One refund: facts, credits, bookings, tries at paying it, and what this reader may do."""
    waits, mine = refund.state == "proposed", refund.proposed_by.actor_id == request.user.pk
    payouts = list(screens.payouts(refund.pk).order_by("-id"))
    alive = [row for row in payouts if row["state"] in (*ALIVE, "cleared")]
    owed = refund.state == "owed" and not alive
    may_end = may(request, "refunds.end_payout")
    said = {code: words[bilingual()] for code, words in screens.reasons(business_date())}
    return {
        "item": refund, "mine": mine, "why": said.get(refund.reason, refund.reason),
        "parts": list(refund.parts.select_related("credit").order_by("pk")),
        "bookings": screens.bookings(refund.pk), "bounced_cents": bounced([refund.pk]).get(refund.pk, 0),
        "payouts": [{**row, "may_end": may_end and row["how"] == "check" and row["state"] in ALIVE} for row in payouts],
        "preview": refund.approval.preview if refund.approval else None,
        "may_decide": waits and not mine and may(request, "refunds.decide"),
        "may_withdraw": waits and mine, "may_pay_again": owed and may(request, "refunds.reissue"),
        "may_keep": owed and may(request, "refunds.keep_on_account"),
    }  # fmt: skip


def checks_context(request: HttpRequest) -> dict[str, object]:
    """What waits to be handed over, and the files handed over before."""
    return {
        "here": "checks", "waiting": screens.waiting(), "exports": screens.exports(),
        "may_export": may(request, "refunds.export_checks"),
    }  # fmt: skip


def letter_of(content: bytes, name: str) -> HttpResponse:
    """A printed letter."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
