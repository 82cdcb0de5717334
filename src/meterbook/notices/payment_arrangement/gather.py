"""From a plan on record to its letter."""

from __future__ import annotations

from meterbook.notices.letters import Letter, long_day, money, set_letters, to_holder
from meterbook.notices.payment_arrangement.words import words
from meterbook.records.ledger.arrangements.settings import rules_on
from meterbook.records.ledger.models import PaymentArrangement
from meterbook.records.platform.queries import utility


class NoSuchArrangement(LookupError):
    """There is no such plan."""


def agreement_letter(arrangement_id: int) -> Letter:
    """The letter in the holder's language, stated on the day of the agreement. Raises `NoSuchArrangement`."""
    found = (
        PaymentArrangement.objects.filter(pk=arrangement_id)
        .select_related("account__holder", "deed", "document").first()
    )  # fmt: skip
    if found is None:
        raise NoSuchArrangement(f"no payment arrangement {arrangement_id}")
    account, house, on = found.account, utility(), found.deed.business_date
    language = account.holder.language
    w = words(language)
    parts = list(found.parts.order_by("number"))
    said = [w["what"].format(amount=money(found.amount_cents), day=long_day(on, language))]
    if found.order_id is not None:
        said.append(w["current"])
    return to_holder(
        account, language=language, on=on, title=w["title"], account=w["account"].format(number=account.number),
        about="", greeting=w["greeting"].format(name=account.holder.name), said=said,
        heads=[w["part"], w["due"], w["amount"]],
        rows=[
            [w["down"] if part.number == 0 else w["number"].format(number=part.number), long_day(part.due_on, language),
             money(part.amount_cents)]
            for part in parts
        ] + [[w["total"], "", money(sum(part.amount_cents for part in parts))]],
        strong_last=True,
        closing=[
            w["missed"].format(days=rules_on(on)[1].arrangement.grace_days),
            w["call"].format(phone=house.phone, email=house.email), w["sign"],
        ],
        rule=w["rule"].format(citation=" ".join(found.document.citation.split())),
    )  # fmt: skip


def render_letter(arrangement_id: int) -> bytes:
    """The letter as a PDF. Raises `NoSuchArrangement` and `NotSet`."""
    return set_letters([agreement_letter(arrangement_id)])
