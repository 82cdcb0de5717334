"""The ledger's entries: partitioned by bill run, append-only in every partition."""

from django.db import migrations

UP = """
CREATE SEQUENCE ledger_entry_id_seq AS bigint;
CREATE TABLE ledger_entry (
    run_id bigint NOT NULL,
    id bigint NOT NULL DEFAULT nextval('ledger_entry_id_seq'),
    debit_id bigint NOT NULL,
    credit_id bigint NOT NULL,
    amount_cents bigint NOT NULL CONSTRAINT ledger_entry_positive CHECK (amount_cents > 0),
    account_id bigint,
    service varchar(20) COLLATE "C" NOT NULL,
    effective_on date NOT NULL,
    period_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    source_kind varchar(12) COLLATE "C" NOT NULL,
    source_id bigint NOT NULL,
    deed_id bigint NOT NULL,
    CONSTRAINT ledger_entry_two_accounts CHECK (debit_id <> credit_id),
    CONSTRAINT ledger_entry_source CHECK (source_kind IN ('bill', 'payment', 'allocation', 'reversal')),
    PRIMARY KEY (run_id, id)
) PARTITION BY LIST (run_id);
CREATE INDEX ledger_entry_account ON ledger_entry (account_id);
CREATE TABLE ledger_entry_run_0 PARTITION OF ledger_entry (
    CONSTRAINT ledger_entry_run_0_debit FOREIGN KEY (debit_id) REFERENCES ledger_ledgeraccount,
    CONSTRAINT ledger_entry_run_0_credit FOREIGN KEY (credit_id) REFERENCES ledger_ledgeraccount,
    CONSTRAINT ledger_entry_run_0_account FOREIGN KEY (account_id) REFERENCES customers_account,
    CONSTRAINT ledger_entry_run_0_period FOREIGN KEY (period_id) REFERENCES platform_accountingperiod,
    CONSTRAINT ledger_entry_run_0_deed FOREIGN KEY (deed_id) REFERENCES platform_deed
) FOR VALUES IN (0);

CREATE FUNCTION meterbook_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION meterbook_refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ledger_entry_run_0
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_refuse_change();

CREATE FUNCTION meterbook_open_period_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM platform_accountingperiod p WHERE p.id = NEW.period_id AND p.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'accounting period % is closed', NEW.period_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER open_period BEFORE INSERT ON ledger_entry_run_0
    FOR EACH ROW EXECUTE FUNCTION meterbook_open_period_only();

CREATE FUNCTION meterbook_no_cent_twice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE item bigint;
BEGIN
    SELECT o.id INTO item FROM ledger_openitem o
      JOIN (SELECT l.charge_id AS id, sum(l.amount_cents) AS used FROM ledger_allocation l
             WHERE l.charge_id IN (SELECT charge_id FROM made) GROUP BY 1
            UNION ALL
            SELECT l.credit_id, sum(l.amount_cents) FROM ledger_allocation l
             WHERE l.credit_id IN (SELECT credit_id FROM made) GROUP BY 1) u ON u.id = o.id
     WHERE u.used > o.amount_cents LIMIT 1;
    IF item IS NOT NULL THEN
        RAISE EXCEPTION 'open item % would be settled beyond its amount', item USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER no_cent_twice AFTER INSERT ON ledger_allocation REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_no_cent_twice();

-- Take n ids from a sequence at once: returns the first of n consecutive ids nobody else will get.
CREATE FUNCTION meterbook_take_ids(sequence regclass, n bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE first_id bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(sequence::oid::bigint);
    first_id := nextval(sequence);
    IF n > 1 THEN PERFORM setval(sequence, first_id + n - 1); END IF;
    RETURN first_id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_initial"), ("customers", "0001_initial"), ("platform", "0001_initial")]
    operations = [migrations.RunSQL(UP, migrations.RunSQL.noop)]
