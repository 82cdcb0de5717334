-- What a city's billing left, one row a thing: what it is, its natural key, its cents. Written from the books' meaning;
-- nothing here is shared with the programs that write them.
SELECT 'run' AS what, r.number || ' ' || r.status AS key, 0::bigint AS cents FROM billing_billrun r
UNION ALL
SELECT 'bill', a.number || ' of ' || b.bill_date || ' ' || b.number || ' due ' || b.due_date || ' for ' || b.starts || '..' || b.ends
       || ' before ' || b.previous_cents || ' paid ' || b.payments_cents || ' adjusted ' || b.adjustments_cents, b.current_cents
  FROM billing_bill b JOIN customers_account a ON a.id = b.account_id
UNION ALL
SELECT 'segment', a.number || ' ' || p.code || ' ' || s.starts || '..' || s.ends || ' ' || s.kind || ' '
       || md5(s.inputs::text), s.amount_cents
  FROM billing_segment s JOIN billing_bill b ON b.id = s.bill_id JOIN customers_account a ON a.id = b.account_id
  JOIN places_servicepoint p ON p.id = s.service_point_id
UNION ALL
SELECT 'line', a.number || ' ' || p.code || ' ' || s.starts || ' ' || s.kind || ' ' || l.seq || ' ' || l.component || ' ' || l.part
       || ' ' || l.version || ' ' || l.starts || '..' || l.ends || ' ' || l.quantity_e6 || ' ' || l.price_e8, l.amount_cents
  FROM billing_line l JOIN billing_segment s ON s.run_id = l.run_id AND s.id = l.segment_id
  JOIN billing_bill b ON b.id = s.bill_id JOIN customers_account a ON a.id = b.account_id
  JOIN places_servicepoint p ON p.id = s.service_point_id
UNION ALL
SELECT 'entry', coalesce(a.number, '') || ' ' || d.code || ' from ' || c.code || ' ' || e.service || ' ' || e.effective_on
       || ' ' || e.source_kind || ' ' || coalesce(b.number, ''), e.amount_cents
  FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id JOIN ledger_ledgeraccount c ON c.id = e.credit_id
  LEFT JOIN customers_account a ON a.id = e.account_id
  LEFT JOIN billing_bill b ON e.source_kind = 'bill' AND b.id = e.source_id
UNION ALL
SELECT 'item', a.number || ' ' || o.side || ' ' || o.service || ' due ' || o.due_on || ' ' || o.source_kind || ' '
       || coalesce(b.number, ''), o.amount_cents
  FROM ledger_openitem o JOIN customers_account a ON a.id = o.account_id
  LEFT JOIN billing_bill b ON o.source_kind = 'bill' AND b.id = o.source_id
UNION ALL
SELECT 'settled', a.number || ' ' || g.service || ' ' || l.effective_on, l.amount_cents
  FROM ledger_allocation l JOIN ledger_openitem g ON g.id = l.charge_id JOIN customers_account a ON a.id = g.account_id
UNION ALL
SELECT 'days', p.code || ' ' || d.period::text || ' ' || b.number || CASE WHEN d.released_id IS NULL THEN '' ELSE ' back' END, 0
  FROM billing_billedperiod d JOIN places_servicepoint p ON p.id = d.service_point_id JOIN billing_bill b ON b.id = d.bill_id
UNION ALL
SELECT 'unbilled', p.code || ' ' || u.outcome || ' ' || u.reason, 0
  FROM billing_unbilled u JOIN places_servicepoint p ON p.id = u.service_point_id
UNION ALL
SELECT 'hold', a.number || ' ' || p.code || ' ' || h.reason, 0
  FROM billing_hold h JOIN customers_account a ON a.id = h.account_id JOIN places_servicepoint p ON p.id = h.service_point_id
UNION ALL
SELECT 'report', r.number || ' ' || t.name || ' ' || t.row_count || ' ' || md5(t.rows::text), 0
  FROM billing_runreport t JOIN billing_billrun r ON r.id = t.run_id
UNION ALL
SELECT 'closing', r.number, 0 FROM billing_runclosing t JOIN billing_billrun r ON r.id = t.run_id
UNION ALL
SELECT 'handed off', r.number || ' ' || h.channel || ' from piece ' || h.first_piece || ', ' || h.pieces || ' pieces, '
       || h.pages || ' pages', 0
  FROM billing_runhandoff h JOIN billing_billrun r ON r.id = h.run_id
UNION ALL
SELECT 'payment', coalesce(b.number, '') || ' line ' || coalesce(p.line::text, '') || ' ' || coalesce(a.number, 'nobody') || ' '
       || p.written_account || ' ' || p.reference || ' ' || p.received_on, p.amount_cents
  FROM payments_payment p LEFT JOIN payments_paymentbatch b ON b.id = p.batch_id LEFT JOIN customers_account a ON a.id = p.account_id
UNION ALL
SELECT 'batch', b.number || ' ' || b.count, b.total_cents FROM payments_paymentbatch b
UNION ALL
SELECT 'correction', i.file_name || ' ' || c.line || ' ' || c.field || ' ' || c.found, 0
  FROM platform_correction c JOIN platform_importbatch i ON i.id = c.batch_id
