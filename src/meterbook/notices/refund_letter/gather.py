"""From a refund on record to its letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from meterbook.notices.letters import Letter, long_day, money, set_letters, to_holder
from meterbook.notices.refund_letter.words import words
from meterbook.records.platform.queries import utility
from meterbook.records.refunds.models import Refund
from meterbook.records.refunds.settings import refund_rules_on


class NoSuchRefund(LookupError):
    """There is no such refund, or nothing of it was decided."""


def refund_letter(refund_id: int, language: str, on: date) -> Letter:
    """The letter of a refund that was approved, stated on a day. Raises `NoSuchRefund`."""
    rows = Refund.objects.select_related("account__holder", "to_account", "decided_by")
    found = rows.filter(pk=refund_id).first()
    if found is None or found.state in (Refund.PROPOSED, Refund.REFUSED, Refund.WITHDRAWN):
        raise NoSuchRefund(f"no approved refund {refund_id}")
    w = words(language)
    payout = found.payouts.order_by("-pk").first()
    _, rules = refund_rules_on(on)
    what = rules.reasons[found.reason].words[language] if found.reason in rules.reasons else found.reason
    shown = [[w[found.source], money(part.amount_cents)] for part in found.parts.order_by("pk")]
    shown = shown or [[w[found.source], money(found.amount_cents)]]
    house = utility()
    letter = to_holder(
        found.account, language=language, on=on, title=w["title"],
        account=w["account"].format(number=found.account.number), about=what,
        greeting=w["greeting"].format(name=found.payee),
        said=[_said(found, w, payout.reference if payout else "", language)], heads=[w["for"], w["amount"]],
        rows=[*shown, [w["total"], money(found.amount_cents)]], strong_last=True,
        closing=[
            *([w["cash_it"].format(days=rules.stale_after_days)] if found.how == "check" else []),
            w["questions"].format(phone=house.phone, email=house.email),
        ],
    )  # fmt: skip
    return replace(letter, mail=[found.payee, *found.lines])


def _said(found: Refund, w: dict[str, str], reference: str, language: str) -> str:
    to = found.to_account.number if found.to_account else ""
    day = found.decided_by.business_date if found.decided_by else found.proposed_by.business_date
    return w[f"by_{found.how}"].format(
        amount=money(found.amount_cents), account=to, day=long_day(day, language),
        number=w["number"].format(number=reference) if reference else "",
    ).replace("  ", " ").replace(" .", ".")  # fmt: skip


def render_letter(refund_id: int, language: str, on: date) -> bytes:
    """The letter as a PDF. Raises `NoSuchRefund` and `NotSet`."""
    return set_letters([refund_letter(refund_id, language, on)])
