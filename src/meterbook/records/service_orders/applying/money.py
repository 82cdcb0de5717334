"""What a completed order costs, by the policy's list of fees; at the catalogue's price, so nobody else decides."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.fees.booking import book_charges
from meterbook.records.fees.operations.charge import new_charge
from meterbook.records.fees.settings import catalogue_on
from meterbook.records.platform.deeds import tell
from meterbook.records.service_orders.applying.effects import Work
from meterbook.records.service_orders.settings import order_rules


def charge(work: Work) -> None:
    """Charge each fee of the kind whose answer says so. Raises `FeeRefused`, `OwnAccount`, `NoPolicy`."""
    order, point = work.order, work.order.service_point
    if order.account is None or point is None:
        return
    for rule in order_rules(work.deed.business_date).fees:
        if order.kind not in rule.kinds or (rule.answer and work.outcome.answers.get(rule.answer) != "yes"):
            continue
        document, catalogue = catalogue_on(work.deed.business_date)
        made = new_charge(
            work.deed, catalogue, document, account=order.account, fee=rule.fee, service=point.commodity, keyed=None,
            note=f"order {order.pk}",
        )  # fmt: skip
        book_charges(work.deed, [made])
        tell(work.deed, "fees.charged", charge=made.pk, account=order.account.pk, fee=rule.fee, cents=made.amount_cents)
        work.changed(
            Step(N_("A fee is charged: {words}."), {"words": Step(made.words_en)}), "service_charge", [made.pk]
        )
