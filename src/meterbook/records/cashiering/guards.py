"""What the database itself refuses at the counter: a gap, a receipt that does not add up, a closed drawer.

Each is a trigger of one table of `models`. What concerns several rows is judged when the transaction ends.
"""

from __future__ import annotations

import pgtrigger

#: A drawer goes open → counted → closed; closed, it takes a bag's number once and nothing else.
DRAWER = [
    pgtrigger.Trigger(
        name="drawer_goes_forward",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        declare=[("moved", "boolean")],
        func="""
            IF OLD.state = 'closed' THEN
                IF OLD.deposit_id IS NOT NULL OR (to_jsonb(NEW) - 'deposit_id') <> (to_jsonb(OLD) - 'deposit_id') THEN
                    RAISE EXCEPTION 'drawer % is closed', OLD.id;
                END IF;
                RETURN NEW;
            END IF;
            moved = (OLD.state, NEW.state) IN (('open', 'open'), ('open', 'counted'), ('counted', 'counted'),
                                               ('counted', 'closed'));
            IF NOT moved THEN
                RAISE EXCEPTION 'drawer % is %, not %', OLD.id, OLD.state, NEW.state;
            END IF;
            IF NEW.receipts <> OLD.receipts AND (OLD.state <> 'open' OR NEW.receipts <> OLD.receipts + 1) THEN
                RAISE EXCEPTION 'drawer % numbers its receipts one by one while it is open', OLD.id;
            END IF;
            IF NEW.state = 'closed' AND (SELECT count(DISTINCT counted_by_id) FROM cashiering_drawercount
                                          WHERE drawer_id = OLD.id) < 2 THEN
                RAISE EXCEPTION 'drawer % was not counted by two people', OLD.id;
            END IF;
            RETURN NEW;
        """,
    ),
]

_LINES = """(SELECT coalesce(sum(l.amount_cents), 0) FROM cashiering_receiptline l WHERE l.receipt_id = NEW.id)"""
_HANDED = """(SELECT coalesce(sum(t.amount_cents), 0) FROM cashiering_tender t WHERE t.receipt_id = NEW.id)"""

#: The next number of an open drawer; and at the end, lines, tenders, parts and payments that agree to the cent.
RECEIPT = [
    pgtrigger.Trigger(
        name="receipt_is_next",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("kept_in", "cashiering_drawer")],
        func="""
            SELECT * INTO kept_in FROM cashiering_drawer WHERE id = NEW.drawer_id FOR NO KEY UPDATE;
            IF kept_in.state <> 'open' THEN
                RAISE EXCEPTION 'drawer % is %, it takes no receipt', NEW.drawer_id, kept_in.state;
            END IF;
            IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM cashiering_receipt
                               WHERE drawer_id = NEW.drawer_id) OR NEW.number <> kept_in.receipts THEN
                RAISE EXCEPTION 'receipt % is not the next of drawer %', NEW.number, NEW.drawer_id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="receipt_adds_up",
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=f"""
            IF {_LINES} <> NEW.total_cents OR {_HANDED} <> NEW.total_cents + NEW.change_cents THEN
                RAISE EXCEPTION 'receipt % does not add up', NEW.id;
            END IF;
            IF EXISTS (
                SELECT FROM cashiering_receiptline l
                  LEFT JOIN cashiering_receiptpart p ON p.line_id = l.id
                  LEFT JOIN cashiering_tender t ON t.id = p.tender_id
                  LEFT JOIN payments_payment y ON y.id = p.payment_id
                 WHERE l.receipt_id = NEW.id
                 GROUP BY l.id
                HAVING coalesce(sum(p.amount_cents), 0) <> l.amount_cents
                    OR bool_or(t.receipt_id <> NEW.id)
                    OR (l.kind = 'payment' AND coalesce(sum(y.amount_cents) FILTER (
                            WHERE y.account_id = l.account_id AND y.amount_cents = p.amount_cents), 0)
                            <> l.amount_cents)) THEN
                RAISE EXCEPTION 'receipt % has a line that is not covered', NEW.id;
            END IF;
            IF EXISTS (
                SELECT FROM cashiering_tender t LEFT JOIN cashiering_receiptpart p ON p.tender_id = t.id
                 WHERE t.receipt_id = NEW.id
                 GROUP BY t.id
                HAVING coalesce(sum(p.amount_cents), 0) > t.amount_cents
                    OR (t.kind <> 'cash' AND coalesce(sum(p.amount_cents), 0) <> t.amount_cents)) THEN
                RAISE EXCEPTION 'receipt % gives change for what is not cash', NEW.id;
            END IF;
            RETURN NULL;
        """,
    ),
]

_OPEN = """
    IF (SELECT d.state FROM cashiering_drawer d {join} FOR NO KEY UPDATE OF d) <> 'open' THEN
        RAISE EXCEPTION 'the drawer is not open any more';
    END IF;
    RETURN NEW;
"""
VOID = [
    pgtrigger.Trigger(
        name="receipt_void_in_open_drawer",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=_OPEN.format(join="JOIN cashiering_receipt r ON r.drawer_id = d.id WHERE r.id = NEW.receipt_id"),
    ),
    pgtrigger.Trigger(
        name="receipt_void_is_whole",
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func="""
            IF EXISTS (
                SELECT FROM cashiering_receiptline l JOIN cashiering_receiptpart p ON p.line_id = l.id
                  LEFT JOIN payments_paymentreversal v ON v.payment_id = p.payment_id
                 WHERE l.receipt_id = NEW.receipt_id AND p.payment_id IS NOT NULL AND v.id IS NULL) THEN
                RAISE EXCEPTION 'receipt % is voided, and a payment of it stands', NEW.receipt_id;
            END IF;
            RETURN NULL;
        """,
    ),
]
DROP = [
    pgtrigger.Trigger(
        name="cash_drop_from_open_drawer",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=_OPEN.format(join="WHERE d.id = NEW.drawer_id"),
    ),
]
