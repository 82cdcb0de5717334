"""A service may end before days it was billed for, if a correction case is about every one of those bills."""

from django.db import migrations

UP = """
CREATE OR REPLACE FUNCTION meterbook_agreement_is_billed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE upto date;
BEGIN
    SELECT max(upper(b.period)) INTO upto FROM billing_billedperiod b
     WHERE b.agreement_id = NEW.id AND b.released_id IS NULL AND upper(b.period) > upper(NEW.validity)
       AND NOT EXISTS (
           SELECT FROM corrections_caseitem i JOIN corrections_correctioncase c ON c.id = i.case_id
            WHERE c.withdrawn_id IS NULL AND i.bill_id = b.bill_id AND i.service_point_id = NEW.service_point_id
              AND i.starts = lower(b.period) AND i.ends = upper(b.period));
    IF upto IS NOT NULL THEN
        RAISE EXCEPTION 'service agreement % is billed to %: it cannot end on %', NEW.id, upto, upper(NEW.validity)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("moves", "0001_moves"), ("billing", "0104_segments_taken_back"), ("corrections", "0001_cases")]
    operations = [migrations.RunSQL(UP, migrations.RunSQL.noop)]
