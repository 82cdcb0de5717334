"""Do the books hold? Each law as one question to the database, with what was found where it does not."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Law:
    """One law of the ledger and the first offences against it (empty when it holds)."""

    name: str
    offences: list[str]

    @property
    def holds(self) -> bool:
        """Whether nothing offends."""
        return not self.offences


_LAWS: dict[str, str] = {
    "debits equal credits": """
        SELECT 'debits ' || d || ', credits ' || c FROM (
            SELECT sum(amount_cents) FILTER (WHERE side = 1) AS d, sum(amount_cents) FILTER (WHERE side = 2) AS c
              FROM ledger_entry e CROSS JOIN LATERAL (VALUES (1, e.debit_id), (2, e.credit_id)) s(side, account)
              JOIN ledger_ledgeraccount a ON a.id = s.account) t WHERE d IS DISTINCT FROM c""",
    "receivables equal open items": """
        WITH books AS (
            SELECT account_id, a.service, sum(sign * amount_cents) AS cents FROM (
                SELECT account_id, debit_id AS chart, 1 AS sign, amount_cents FROM ledger_entry
                UNION ALL SELECT account_id, credit_id, -1, amount_cents FROM ledger_entry) e
              JOIN ledger_ledgeraccount a ON a.id = e.chart AND a.role = 'receivable' GROUP BY 1, 2),
        items AS (
            SELECT o.account_id, o.service, sum(CASE o.side WHEN 'charge' THEN o.amount_cents - coalesce(r.got, 0)
                                                ELSE coalesce(g.gave, 0) - o.amount_cents END) AS cents
              FROM ledger_openitem o
              LEFT JOIN (SELECT charge_id, sum(amount_cents) AS got FROM ledger_allocation GROUP BY 1) r
                ON r.charge_id = o.id
              LEFT JOIN (SELECT credit_id, sum(amount_cents) AS gave FROM ledger_allocation GROUP BY 1) g
                ON g.credit_id = o.id
             WHERE o.service <> '' GROUP BY 1, 2)
        SELECT 'account ' || account_id || ' ' || service || ': books ' || coalesce(b.cents, 0) || ', items '
               || coalesce(i.cents, 0) FROM books b FULL JOIN items i USING (account_id, service)
         WHERE coalesce(b.cents, 0) <> coalesce(i.cents, 0)""",
    "unapplied credits equal open payments": """
        WITH books AS (
            SELECT account_id, sum(sign * amount_cents) AS cents FROM (
                SELECT account_id, debit_id AS chart, -1 AS sign, amount_cents FROM ledger_entry
                UNION ALL SELECT account_id, credit_id, 1, amount_cents FROM ledger_entry) e
              JOIN ledger_ledgeraccount a ON a.id = e.chart AND a.role = 'unapplied' GROUP BY 1),
        items AS (
            SELECT o.account_id, sum(CASE o.side WHEN 'credit' THEN o.amount_cents - coalesce(g.gave, 0)
                                                 ELSE coalesce(r.got, 0) - o.amount_cents END) AS cents
              FROM ledger_openitem o
              LEFT JOIN (SELECT credit_id, sum(amount_cents) AS gave FROM ledger_allocation GROUP BY 1) g
                ON g.credit_id = o.id
              LEFT JOIN (SELECT charge_id, sum(amount_cents) AS got FROM ledger_allocation GROUP BY 1) r
                ON r.charge_id = o.id
             WHERE o.service = '' GROUP BY 1)
        SELECT 'account ' || account_id || ': books ' || coalesce(b.cents, 0) || ', payments ' || coalesce(i.cents, 0)
          FROM books b FULL JOIN items i USING (account_id) WHERE coalesce(b.cents, 0) <> coalesce(i.cents, 0)""",
    "no allocation is taken back beyond its amount": """
        SELECT 'open items ' || credit_id || ' and ' || charge_id FROM ledger_allocation
         GROUP BY credit_id, charge_id, pinned HAVING sum(amount_cents) < 0""",
    "every fund balances": """
        SELECT 'fund ' || a.fund || ': ' || sum(l.cents) || ' cents apart' FROM ledger_leg l
          JOIN ledger_ledgeraccount a ON a.id = l.chart_id GROUP BY a.fund HAVING sum(l.cents) <> 0""",
    "nothing stays between two customers": """
        SELECT a.code || ' ' || a.title_en || ': ' || sum(l.cents) || ' cents' FROM ledger_leg l
          JOIN ledger_ledgeraccount a ON a.id = l.chart_id AND a.role = 'transfers'
         GROUP BY a.code, a.title_en HAVING sum(l.cents) <> 0""",
    "no item is settled beyond its amount": """
        SELECT 'open item ' || o.id FROM ledger_openitem o JOIN (
            SELECT item, sum(amount_cents) AS used FROM (
                SELECT charge_id AS item, amount_cents FROM ledger_allocation
                UNION ALL SELECT credit_id, amount_cents FROM ledger_allocation) u GROUP BY item) t ON t.item = o.id
         WHERE t.used > o.amount_cents""",
    "deposits held equal their liability": """
        WITH books AS (
            SELECT coalesce(sum(sign * amount_cents), 0) AS cents FROM (
                SELECT debit_id AS chart, -1 AS sign, amount_cents FROM ledger_entry
                UNION ALL SELECT credit_id, 1, amount_cents FROM ledger_entry) e
              JOIN ledger_ledgeraccount a ON a.id = e.chart AND a.role = 'deposits'),
        held AS (
            SELECT coalesce((SELECT sum(amount_cents) FROM ledger_deposit), 0)
                   - coalesce((SELECT sum(amount_cents) FROM ledger_deposituse), 0) AS cents)
        SELECT 'books ' || b.cents || ', deposits ' || h.cents FROM books b, held h WHERE b.cents <> h.cents""",
    "no deposit is used beyond its amount": """
        SELECT 'deposit ' || d.id FROM ledger_deposit d JOIN (
            SELECT deposit_id, sum(amount_cents) AS used FROM ledger_deposituse GROUP BY 1) u ON u.deposit_id = d.id
         WHERE u.used > d.amount_cents""",
    "deposits asked for equal what is unpaid of their instalments": """
        WITH books AS (
            SELECT coalesce(sum(-l.cents), 0) AS cents FROM ledger_leg l
              JOIN ledger_ledgeraccount a ON a.id = l.chart_id AND a.role = 'deposits_asked'),
        asked AS (
            SELECT coalesce((SELECT sum(CASE side WHEN 'charge' THEN amount_cents ELSE -amount_cents END)
                               FROM ledger_openitem WHERE source_kind = 'install'), 0)
                   - coalesce((SELECT sum(amount_cents) FROM ledger_deposit WHERE kind = 'instalment'), 0)
                   + coalesce((SELECT sum(u.amount_cents) FROM ledger_deposituse u JOIN ledger_deposit d
                                   ON d.id = u.deposit_id AND d.kind = 'instalment'
                                WHERE u.kind = 'returned'), 0) AS cents)
        SELECT 'books ' || b.cents || ', instalments ' || a.cents FROM books b, asked a WHERE b.cents <> a.cents""",
    "what instalments are paid is held, or was used": """
        WITH paid AS (
            SELECT c.account_id, l.credit_id, l.charge_id, sum(l.amount_cents) AS cents
              FROM ledger_openitem c JOIN ledger_allocation l ON l.charge_id = c.id
              JOIN ledger_openitem g ON g.id = l.credit_id AND g.source_kind <> 'install'
             WHERE c.source_kind = 'install' AND c.side = 'charge' GROUP BY 1, 2, 3),
        known AS (
            SELECT d.account_id, d.credit_id, d.charge_id, sum(d.amount_cents - coalesce(u.back, 0)) AS cents,
                   sum(d.amount_cents - coalesce(u.used, 0)) AS held
              FROM ledger_deposit d LEFT JOIN (
                   SELECT deposit_id, sum(amount_cents) AS used,
                          sum(amount_cents) FILTER (WHERE kind = 'returned') AS back
                     FROM ledger_deposituse GROUP BY 1) u ON u.deposit_id = d.id
             WHERE d.kind = 'instalment' GROUP BY 1, 2, 3),
        pairs AS (
            SELECT account_id, coalesce(p.cents, 0) AS paid, coalesce(k.cents, 0) AS known, coalesce(k.held, 0) AS held
              FROM paid p FULL JOIN known k USING (account_id, credit_id, charge_id))
        SELECT 'account ' || account_id || ': paid ' || sum(paid) || ', deposits ' || sum(known) FROM pairs
         GROUP BY account_id HAVING sum(known) < sum(paid) OR bool_or(known > paid AND held > 0)""",
    "drawers hold what the books say": """
        WITH books AS (SELECT coalesce(sum(l.cents), 0) AS cents FROM ledger_leg l
                         JOIN ledger_ledgeraccount a ON a.id = l.chart_id AND a.role = 'drawer'),
        taken AS (SELECT coalesce(sum(p.amount_cents), 0) AS cents FROM cashiering_receiptpart p
                    JOIN cashiering_tender t ON t.id = p.tender_id AND t.kind <> 'card'
                   WHERE NOT EXISTS (SELECT FROM cashiering_receiptvoid v WHERE v.receipt_id = t.receipt_id)),
        found AS (SELECT coalesce(sum(over_short_cents), 0) AS cents FROM cashiering_drawer),
        banked AS (SELECT coalesce(sum(amount_cents), 0) AS cents FROM cashiering_bankdeposit)
        SELECT 'books ' || b.cents || ', drawers ' || t.cents + f.cents - k.cents
          FROM books b, taken t, found f, banked k WHERE b.cents <> t.cents + f.cents - k.cents""",
    "refunds payable equal refunds owed": """
        WITH books AS (SELECT coalesce(sum(-l.cents), 0) AS cents FROM ledger_leg l
                         JOIN ledger_ledgeraccount a ON a.id = l.chart_id WHERE a.role = 'refunds'),
        owed AS (SELECT coalesce(sum(amount_cents), 0) AS cents FROM refunds_refund WHERE state = 'owed')
        SELECT 'books ' || b.cents || ', refunds ' || o.cents FROM books b, owed o WHERE b.cents <> o.cents""",
    "unclaimed money equals what is set aside": """
        WITH books AS (SELECT coalesce(sum(-l.cents), 0) AS cents FROM ledger_leg l
                         JOIN ledger_ledgeraccount a ON a.id = l.chart_id WHERE a.role = 'unclaimed'),
        held AS (SELECT coalesce(sum(amount_cents), 0) AS cents FROM refunds_unclaimed
                  WHERE state IN ('found', 'published'))
        SELECT 'books ' || b.cents || ', set aside ' || h.cents FROM books b, held h WHERE b.cents <> h.cents""",
    "summaries equal their members' bills": """
        SELECT 'summary ' || s.number FROM billing_summarybill s LEFT JOIN (
            SELECT i.summary_id, sum(i.current_cents) AS current, sum(i.due_cents) AS due,
                   bool_and(i.current_cents = b.current_cents AND i.due_cents IN (0, b.previous_cents + b.payments_cents
                            + b.adjustments_cents + b.current_cents)) AS same
              FROM billing_summaryitem i JOIN billing_bill b ON b.id = i.bill_id GROUP BY 1) t ON t.summary_id = s.id
         WHERE (s.current_cents, s.due_cents) IS DISTINCT FROM (t.current, t.due) OR NOT t.same""",
    "posted bills equal their lines": """
        WITH lines AS (SELECT s.bill_id, sum(l.amount_cents) AS cents FROM billing_line l
                         JOIN billing_segment s ON s.run_id = l.run_id AND s.id = l.segment_id GROUP BY 1)
        SELECT 'bill ' || b.number FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
          LEFT JOIN lines ON lines.bill_id = b.id WHERE coalesce(lines.cents, 0) <> b.current_cents""",
    "posted bills equal their entries": """
        WITH booked AS (SELECT e.source_id, sum(CASE d.role WHEN 'receivable' THEN e.amount_cents
                                                ELSE -e.amount_cents END) AS cents
                          FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id
                         WHERE e.source_kind = 'bill' GROUP BY 1)
        SELECT 'bill ' || b.number FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
          LEFT JOIN booked ON booked.source_id = b.id WHERE coalesce(booked.cents, 0) <> b.current_cents""",
}


def check_laws() -> list[Law]:
    """Every law of the ledger, judged now; at most five offences are named for each."""
    laws = []
    with transaction.atomic(), connection.cursor() as cursor:
        # Each law reads whole tables. Right after a long posting the planner still believes them small, and asking
        # row by row would take it hours.
        cursor.execute("SET LOCAL enable_nestloop = off")
        for name, sql in _LAWS.items():
            cursor.execute(f"SELECT * FROM ({sql}) offences LIMIT 5")
            laws.append(Law(name, [str(row[0]) for row in cursor.fetchall()]))
        cursor.execute("SET LOCAL enable_nestloop = on")
    return laws


def entry_count() -> int:
    """How many transfers the books hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry")
        return int(cursor.fetchone()[0])
