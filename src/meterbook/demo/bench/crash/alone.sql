-- What must hold of the books by themselves, whatever the undisturbed run made: each row is a count that must be 0.
SELECT 'point billed twice for a day', count(*) FROM billing_segment s JOIN billing_segment t
    ON t.service_point_id = s.service_point_id AND (t.run_id, t.id) > (s.run_id, s.id)
   AND s.kind = 'charge' AND t.kind = 'charge' AND s.starts < t.ends AND t.starts < s.ends
UNION ALL
SELECT 'service in the cycle neither billed nor accounted for', count(*)
  FROM customers_serviceagreement g JOIN customers_account a ON a.id = g.account_id, billing_billrun r
 WHERE r.status = 'posted' AND a.cycle_id = r.cycle_id AND g.validity && daterange(r.read_from, r.service_to, '[]')
   AND NOT EXISTS (SELECT FROM billing_segment s WHERE s.run_id = r.id AND s.service_point_id = g.service_point_id)
   AND NOT EXISTS (SELECT FROM billing_unbilled u WHERE u.run_id = r.id AND u.service_point_id = g.service_point_id)
UNION ALL
SELECT 'bill whose lines are not its sum', count(*) FROM billing_bill b WHERE b.current_cents <> coalesce((
       SELECT sum(l.amount_cents) FROM billing_segment s JOIN billing_line l ON l.run_id = s.run_id AND l.segment_id = s.id
        WHERE s.bill_id = b.id), 0)
UNION ALL
SELECT 'bill whose entries are not its sum', count(*) FROM billing_bill b WHERE b.current_cents <> coalesce((
       SELECT sum(CASE WHEN d.role = 'receivable' THEN e.amount_cents ELSE -e.amount_cents END)
         FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id
        WHERE e.source_kind = 'bill' AND e.source_id = b.id), 0)
UNION ALL
SELECT 'bill whose open items are not its sum', count(*) FROM billing_bill b WHERE b.current_cents <> coalesce((
       SELECT sum(CASE o.side WHEN 'charge' THEN o.amount_cents ELSE -o.amount_cents END)
         FROM ledger_openitem o WHERE o.source_kind = 'bill' AND o.source_id = b.id), 0)
UNION ALL
SELECT 'table of a run that is not attached', count(*) FROM pg_class t
 WHERE t.relname ~ '^(billing_segment|billing_line|ledger_entry)_run_[1-9][0-9]*$' AND t.relkind = 'r'
   AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = t.oid)
UNION ALL
SELECT 'line of a payment file posted twice', count(*) FROM (
       SELECT FROM payments_payment WHERE batch_id IS NOT NULL GROUP BY batch_id, line HAVING count(*) > 1) t
UNION ALL
SELECT 'batch that has neither more nor all of its payments', count(*) FROM payments_paymentbatch b
 WHERE b.count <> (SELECT count(*) FROM payments_payment p WHERE p.batch_id = b.id)
    OR b.total_cents <> (SELECT coalesce(sum(p.amount_cents), 0) FROM payments_payment p WHERE p.batch_id = b.id)
UNION ALL
SELECT 'payment neither on an account nor in suspense', count(*) FROM payments_payment p
 WHERE NOT EXISTS (SELECT FROM ledger_entry e WHERE e.source_kind = 'payment' AND e.source_id = p.id
                      AND e.amount_cents = p.amount_cents)
    OR p.account_id IS NOT NULL AND NOT EXISTS (SELECT FROM ledger_openitem o WHERE o.source_kind = 'payment'
                                                   AND o.source_id = p.id AND o.amount_cents = p.amount_cents)
