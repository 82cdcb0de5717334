"""A closed period takes nothing: entries, open items and allocations are refused set-wise, and it never opens again.

The check locks the period's row (FOR KEY SHARE) against the lock of a month (FOR UPDATE): whoever is writing when a
month is locked is waited for, and whoever comes after finds it closed.
"""

from django.db import migrations

UP = """
CREATE FUNCTION meterbook_open_periods_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE shut platform_accountingperiod%ROWTYPE;
BEGIN
    PERFORM FROM platform_accountingperiod p
      WHERE p.id IN (SELECT DISTINCT period_id FROM made) ORDER BY p.id FOR KEY SHARE;
    SELECT p.* INTO shut FROM platform_accountingperiod p
     WHERE p.id IN (SELECT DISTINCT period_id FROM made) AND p.closed_at IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'accounting period % is closed: %', shut.id, shut.code;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER open_period ON ledger_entry_run_0;
CREATE TRIGGER open_periods AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_open_periods_only();
CREATE TRIGGER open_periods AFTER INSERT ON ledger_entry_run_0 REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_open_periods_only();
CREATE TRIGGER open_periods AFTER INSERT ON ledger_openitem REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_open_periods_only();
CREATE TRIGGER open_periods AFTER INSERT ON ledger_allocation REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_open_periods_only();

CREATE FUNCTION meterbook_closed_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'accounting period % is closed for good', OLD.code;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_for_good BEFORE UPDATE ON platform_accountingperiod
    FOR EACH ROW EXECUTE FUNCTION meterbook_closed_for_good();
"""


class Migration(migrations.Migration):
    dependencies = [("closing", "0001_initial"), ("ledger", "0104_more_sources")]
    operations = [migrations.RunSQL(UP, migrations.RunSQL.noop)]
