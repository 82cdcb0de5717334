"""Money nobody asks for: refunds nobody cashed, credits of customers who left; since when, and under which rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.records.refunds.settings import dormancy_on, refund_rules_on

#: Contact is what a customer did: a payment of theirs, or an answer somebody wrote down with a review.
_CONTACT = """
greatest((SELECT max(p.received_on) FROM payments_payment p WHERE p.account_id = a.id),
         (SELECT max(d.business_date) FROM refunds_creditreview v JOIN platform_deed d ON d.id = v.deed_id
           WHERE v.account_id = a.id AND v.reason = ANY(%(contact)s)))
"""
_REFUNDS = f"""
SELECT r.id, NULL::bigint, a.id, a.number, r.payee, r.amount_cents,
       greatest(d.business_date, {_CONTACT}), y.id
  FROM refunds_refund r JOIN customers_account a ON a.id = r.account_id JOIN platform_deed d ON d.id = r.decided_by_id
  LEFT JOIN refunds_payout y ON y.refund_id = r.id AND y.state IN ('waiting', 'exported', 'issued')
 WHERE r.state IN ('owed', 'sent')
   AND (y.id IS NULL OR (y.how = 'check' AND y.state = 'issued' AND y.issued_on <= %(stale)s))
"""
_CREDITS = f"""
SELECT NULL::bigint, o.id, a.id, a.number, h.name, (o.amount_cents - coalesce(g.gave, 0))::bigint,
       greatest(o.effective_on, coalesce(a.closed_on, s.until), {_CONTACT}), NULL::bigint
  FROM ledger_openitem o
  LEFT JOIN LATERAL (SELECT sum(l.amount_cents) AS gave FROM ledger_allocation l WHERE l.credit_id = o.id) g ON true
  JOIN customers_account a ON a.id = o.account_id JOIN customers_person h ON h.id = a.holder_id
  LEFT JOIN LATERAL (SELECT CASE WHEN bool_or(upper_inf(s.validity) OR upper(s.validity) > %(today)s) THEN NULL
                                 ELSE max(upper(s.validity)) END AS until
                       FROM customers_serviceagreement s WHERE s.account_id = a.id) s ON true
 WHERE o.side = 'credit' AND o.amount_cents > coalesce(g.gave, 0) AND coalesce(a.closed_on, s.until) <= %(today)s
   AND NOT EXISTS (SELECT FROM refunds_refundpart q JOIN refunds_refund r ON r.id = q.refund_id
                    WHERE q.credit_id = o.id AND r.state = 'proposed')
"""


@dataclass(frozen=True, slots=True)
class Dormant:
    """A refund or a credit nobody asks for; ``payout`` the uncashed check; ``since`` the last contact."""

    refund: int | None
    credit: int | None
    account: int
    number: str
    owner: str
    cents: int
    since: date
    payout: int | None
    rule: str
    letter_on: date
    dormant_on: date


def dormant(day: date) -> list[Dormant]:
    """What is due for a letter or beyond on a day, the oldest first. Raises `NoPolicy`."""
    _, rules = dormancy_on(day)
    _, refunds = refund_rules_on(day)
    contact = [named.code for named in refunds.stays.values() if named.contact]
    values: dict[str, date | list[str]] = {
        "today": day,
        "stale": date.fromordinal(day.toordinal() - refunds.stale_after_days),
        "contact": contact,
    }
    found = []
    with connection.cursor() as cursor:
        for sql in (_REFUNDS, _CREDITS):
            cursor.execute(sql, values)
            for refund, credit, account, number, owner, cents, since, payout in cursor.fetchall():
                rule = rules.rule_for(int(cents))
                letter_on = rules.letter_on(int(cents), since)
                if letter_on <= day:
                    found.append(
                        Dormant(refund, credit, account, number, owner, int(cents), since, payout, rule.code,
                                letter_on, rule.dormant_on(since))
                    )  # fmt: skip
    return sorted(found, key=lambda one: (one.since, one.number, one.refund or 0, one.credit or 0))
