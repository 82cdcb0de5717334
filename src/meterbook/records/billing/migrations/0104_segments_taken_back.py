"""A segment may take an earlier one back; days whose bill was taken back no longer bind their agreement."""

from django.db import migrations

UP = """
ALTER TABLE billing_segment
    ADD COLUMN kind varchar(10) COLLATE "C" NOT NULL DEFAULT 'charge',
    ADD COLUMN reverses_run_id bigint,
    ADD COLUMN reverses_id bigint;
ALTER TABLE billing_segment ADD CONSTRAINT billing_segment_reverses CHECK (
    (kind = 'charge' AND reverses_id IS NULL AND reverses_run_id IS NULL)
    OR (kind = 'reversal' AND reverses_id IS NOT NULL AND reverses_run_id IS NOT NULL));

CREATE OR REPLACE FUNCTION meterbook_agreement_is_billed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE upto date;
BEGIN
    SELECT max(upper(b.period)) INTO upto FROM billing_billedperiod b
     WHERE b.agreement_id = NEW.id AND b.released_id IS NULL;
    IF upper(NEW.validity) < upto THEN
        RAISE EXCEPTION 'service agreement % is billed to %: it cannot end on %', NEW.id, upto, upper(NEW.validity)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0103_runs_and_corrections")]
    operations = [migrations.RunSQL(UP, migrations.RunSQL.noop)]
