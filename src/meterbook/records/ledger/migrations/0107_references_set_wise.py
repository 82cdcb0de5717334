"""What transfers and allocations refer to is asked once a statement, in place of once a row and reference.

The parents are never deleted and keep their ids, so that what was there when a row came is there for good.
"""

import django.db.models.deletion
from django.db import migrations, models

UP = """
ALTER TABLE ledger_entry_run_0
    DROP CONSTRAINT ledger_entry_run_0_debit, DROP CONSTRAINT ledger_entry_run_0_credit,
    DROP CONSTRAINT ledger_entry_run_0_account, DROP CONSTRAINT ledger_entry_run_0_period,
    DROP CONSTRAINT ledger_entry_run_0_deed;

CREATE FUNCTION meterbook_dangling(child text, rule text, column_name text, value bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'insert on table "%" violates reference "%": % % does not exist', child, rule, column_name, value
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = rule, TABLE = child;
END $$;

CREATE FUNCTION meterbook_entries_refer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lost record;
BEGIN
    SELECT f.* INTO lost FROM (
        SELECT 'debit' AS name, debit_id AS id FROM (SELECT DISTINCT debit_id FROM made) m
         WHERE NOT EXISTS (SELECT FROM ledger_ledgeraccount p WHERE p.id = m.debit_id)
        UNION ALL
        SELECT 'credit', credit_id FROM (SELECT DISTINCT credit_id FROM made) m
         WHERE NOT EXISTS (SELECT FROM ledger_ledgeraccount p WHERE p.id = m.credit_id)
        UNION ALL
        SELECT 'account', account_id FROM (SELECT DISTINCT account_id FROM made WHERE account_id IS NOT NULL) m
         WHERE NOT EXISTS (SELECT FROM customers_account p WHERE p.id = m.account_id)
        UNION ALL
        SELECT 'period', period_id FROM (SELECT DISTINCT period_id FROM made) m
         WHERE NOT EXISTS (SELECT FROM platform_accountingperiod p WHERE p.id = m.period_id)
        UNION ALL
        SELECT 'deed', deed_id FROM (SELECT DISTINCT deed_id FROM made) m
         WHERE NOT EXISTS (SELECT FROM platform_deed p WHERE p.id = m.deed_id)) f LIMIT 1;
    IF FOUND THEN
        PERFORM meterbook_dangling(TG_TABLE_NAME, 'ledger_entry_run_0_' || lost.name, lost.name || '_id', lost.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entries_refer AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_entries_refer();
CREATE TRIGGER entries_refer AFTER INSERT ON ledger_entry_run_0 REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_entries_refer();

-- The item itself, its amount and what it gave or took already are looked up once.
CREATE OR REPLACE FUNCTION meterbook_no_cent_twice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found_item record;
BEGIN
    SELECT u.side, u.id, o.id AS known INTO found_item
      FROM (SELECT 'charge' AS side, l.charge_id AS id, sum(l.amount_cents) AS used FROM ledger_allocation l
             WHERE l.charge_id IN (SELECT charge_id FROM made) GROUP BY l.charge_id
            UNION ALL
            SELECT 'credit', l.credit_id, sum(l.amount_cents) FROM ledger_allocation l
             WHERE l.credit_id IN (SELECT credit_id FROM made) GROUP BY l.credit_id) u
      LEFT JOIN ledger_openitem o ON o.id = u.id
     WHERE o.id IS NULL OR u.used > o.amount_cents ORDER BY o.id IS NOT NULL, u.id LIMIT 1;
    IF FOUND AND found_item.known IS NULL THEN
        PERFORM meterbook_dangling(
            TG_TABLE_NAME, 'ledger_allocation_' || found_item.side, found_item.side || '_id', found_item.id);
    ELSIF FOUND THEN
        RAISE EXCEPTION 'open item % would be settled beyond its amount', found_item.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM made WHERE amount_cents < 0) THEN
        SELECT l.credit_id AS id INTO found_item FROM ledger_allocation l
         WHERE (l.credit_id, l.charge_id) IN (SELECT credit_id, charge_id FROM made WHERE amount_cents < 0)
         GROUP BY l.credit_id, l.charge_id, l.pinned HAVING sum(l.amount_cents) < 0 LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'more would be taken back from open item % than it gave', found_item.id
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- What is referred to stays: it is never deleted already, and keeps its id as well.
CREATE FUNCTION meterbook_id_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id THEN
        RAISE EXCEPTION 'the id of a row of % never changes', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER id_stays BEFORE UPDATE OF id ON customers_account
    FOR EACH ROW EXECUTE FUNCTION meterbook_id_stays();
CREATE TRIGGER id_stays BEFORE UPDATE OF id ON platform_accountingperiod
    FOR EACH ROW EXECUTE FUNCTION meterbook_id_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0106_account_order"),
        ("closing", "0002_closed_for_good"),
    ]
    operations = [
        migrations.AlterField(
            model_name="allocation",
            name="charge",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="received",
                to="ledger.openitem",
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="credit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="given",
                to="ledger.openitem",
            ),
        ),
        migrations.RunSQL(UP, migrations.RunSQL.noop),
    ]
