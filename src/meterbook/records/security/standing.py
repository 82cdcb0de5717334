"""How accounts stand: what is held and asked for, and whether their record is clean enough for it to go back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from meterbook.engine.security.clean import Judged, Record, judge, whole_months
from meterbook.engine.security.rules import DepositRules
from meterbook.records.ledger.deposits.interest import accrued, rules_in_force
from meterbook.records.ledger.disputes.standing import past_due_disputed


@dataclass(frozen=True, slots=True)
class Security:
    """What stands for one account, in cents: held, unpaid of instalments charged, instalments still to be charged."""

    held_cents: int
    unpaid_cents: int
    to_come_cents: int


_SECURITY = """
SELECT account_id, sum(held)::bigint, sum(unpaid)::bigint, sum(coming)::bigint FROM (
    SELECT d.account_id, d.amount_cents - coalesce((SELECT sum(u.amount_cents) FROM ledger_deposituse u
             WHERE u.deposit_id = d.id), 0) AS held, 0 AS unpaid, 0 AS coming
      FROM ledger_deposit d WHERE {whose}
    UNION ALL
    SELECT d.account_id, 0, d.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
             WHERE l.charge_id = d.id), 0), 0
      FROM ledger_openitem d WHERE {whose} AND d.source_kind = 'install' AND d.side = 'charge'
    UNION ALL
    SELECT d.account_id, 0, 0, i.amount_cents FROM security_assessment d
      JOIN security_instalment i ON i.assessment_id = d.id
     WHERE {whose} AND d.cancelled_by_id IS NULL AND NOT EXISTS (
           SELECT FROM ledger_openitem o WHERE o.source_kind = 'install' AND o.source_id = i.id)) t
 GROUP BY 1 HAVING sum(held) <> 0 OR sum(unpaid) <> 0 OR sum(coming) <> 0
"""


def security_of(accounts: Sequence[int] | None = None) -> dict[int, Security]:
    """What stands for some accounts, or for all that have anything."""
    whose = "true" if accounts is None else "d.account_id = ANY(%(accounts)s)"
    with connection.cursor() as cursor:
        cursor.execute(_SECURITY.format(whose=whose), {"accounts": list(accounts or [])})
        return {row[0]: Security(int(row[1]), int(row[2]), int(row[3])) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account with a deposit and the verdict on it: number, holder, class, cents held and interest due."""

    account_id: int
    number: str
    holder: str
    deposit_class: str
    held_cents: int
    interest_cents: int
    record: Record
    judged: Judged


_HELD = """
SELECT a.id, a.number, p.name, min(coalesce(d.since, d.received_on)), sum(d.held)::bigint,
       (SELECT array_agg(DISTINCT c.code) FROM customers_serviceagreement g
          JOIN rates_schedule c ON c.id = g.schedule_id
         WHERE g.account_id = a.id AND g.validity @> %(day)s::date)
  FROM (SELECT d.*, d.amount_cents - coalesce((SELECT sum(u.amount_cents) FROM ledger_deposituse u
               WHERE u.deposit_id = d.id), 0) AS held FROM ledger_deposit d) d
  JOIN customers_account a ON a.id = d.account_id JOIN customers_person p ON p.id = a.holder_id
 WHERE d.held > 0 AND d.received_on <= %(day)s AND (%(accounts)s::bigint[] IS NULL OR a.id = ANY(%(accounts)s))
 GROUP BY 1, 2, 3 ORDER BY a.number
"""
#: Bills of the months looked at that were paid later than their grace days, or are not paid yet; payments that came
#: back; what was recorded by hand or by other areas. Months are of the account's class.
_SPOILED = """
WITH asked AS (SELECT * FROM unnest(%(accounts)s::bigint[], %(since)s::date[], %(grace)s::int[])
                 AS t(account_id, since, grace)),
bills AS (
    SELECT k.account_id, o.source_id, min(o.due_on) + max(k.grace) AS late_after,
           bool_or(o.amount_cents > coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
                                               WHERE l.charge_id = o.id), 0)) AS open,
           max((SELECT max(l.effective_on) FROM ledger_allocation l WHERE l.charge_id = o.id AND l.amount_cents > 0))
             AS paid_on
      FROM asked k JOIN ledger_openitem o ON o.account_id = k.account_id AND o.source_kind = 'bill'
       AND o.side = 'charge' AND o.due_on >= k.since AND o.due_on <= %(day)s GROUP BY 1, 2)
SELECT account_id, 'late_payments', count(*) FROM bills
 WHERE paid_on > late_after OR (open AND late_after < %(day)s) GROUP BY 1
UNION ALL
SELECT k.account_id, 'returned', count(DISTINCT v.id) FROM asked k
  JOIN payments_reversedpart q ON q.account_id = k.account_id JOIN payments_paymentreversal v ON v.id = q.reversal_id
 WHERE v.kind IN ('returned', 'chargeback') AND v.reversed_on >= k.since AND v.reversed_on <= %(day)s GROUP BY 1
UNION ALL
SELECT k.account_id, CASE e.kind WHEN 'cutoff' THEN 'cutoffs' ELSE 'late_notices' END, count(*) FROM asked k
  JOIN security_creditevent e ON e.account_id = k.account_id AND e.on >= k.since AND e.on <= %(day)s GROUP BY 1, 2
"""
_PAST_DUE = """
SELECT o.account_id, sum(o.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
                                                     WHERE l.charge_id = o.id), 0))
  FROM ledger_openitem o WHERE o.account_id = ANY(%s) AND o.side = 'charge' AND o.due_on < %s GROUP BY 1
"""


def worklist(day: date, accounts: Sequence[int] | None = None) -> list[Candidate]:
    """Every account with a deposit held on a day (of some accounts), with the verdict and its reasons.

    Raises `NoPolicy`.
    """
    _, rules = rules_in_force(day)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"day": day, "accounts": list(accounts) if accounts is not None else None})
        held = cursor.fetchall()
    counts, past_due = _counts(rules, held, day)
    interest: dict[int, int] = {}
    for account, cents in accrued(day, [row[0] for row in held]).select("account", "due").iter_rows():
        interest[account] = interest.get(account, 0) + cents
    stands = security_of([row[0] for row in held])
    found = []
    for account, number, holder, since, cents, schedules in held:
        rule, unpaid = rules.class_of(schedules or []), stands[account].unpaid_cents + stands[account].to_come_cents
        record = Record(since, whole_months(since, day), counts.get(account, {}), past_due.get(account, 0), unpaid)
        judged = judge(record, rule.clean)
        grown = interest.get(account, 0)
        found.append(Candidate(account, number, holder, rule.code, int(cents), grown, record, judged))
    return found


def _counts(
    rules: DepositRules, held: Sequence[tuple[Any, ...]], day: date
) -> tuple[dict[int, dict[str, int]], dict[int, int]]:
    """What spoils each account's record within its class's months, and what of it is past due."""
    accounts = [row[0] for row in held]
    clean = [rules.class_of(row[5] or []).clean for row in held]
    since = [_months_before(day, one.months) for one in clean]
    counts: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _SPOILED,
            {"accounts": accounts, "since": since, "grace": [one.grace_days for one in clean], "day": day},
        )
        for account, name, count in cursor.fetchall():
            counts.setdefault(account, {})[name] = int(count)
        cursor.execute(_PAST_DUE, [accounts, day])
        past_due = {account: int(cents) for account, cents in cursor.fetchall()}
    for account, contested in past_due_disputed(accounts, day).items():
        past_due[account] = past_due.get(account, 0) - sum(cents for _, cents in contested)
    return counts, past_due


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the 28th for later days, so that no month is too short."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))
