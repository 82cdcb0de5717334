"""Segments and lines: partitioned by bill run. A run's partition is loaded apart, checked, attached at posting."""

from django.db import migrations

UP = """
CREATE SEQUENCE billing_segment_id_seq AS bigint;
CREATE TABLE billing_segment (
    run_id bigint NOT NULL,
    id bigint NOT NULL,
    bill_id bigint NOT NULL,
    agreement_id bigint NOT NULL,
    service_point_id bigint NOT NULL,
    schedule_id bigint NOT NULL,
    document_id bigint NOT NULL,
    commodity varchar(20) COLLATE "C" NOT NULL,
    starts date NOT NULL,
    ends date NOT NULL,
    estimated boolean NOT NULL,
    inputs jsonb NOT NULL,
    amount_cents bigint NOT NULL,
    CONSTRAINT billing_segment_days CHECK (starts < ends),
    PRIMARY KEY (run_id, id)
) PARTITION BY LIST (run_id);
CREATE INDEX billing_segment_bill ON billing_segment (bill_id);
CREATE INDEX billing_segment_point ON billing_segment (service_point_id);

CREATE SEQUENCE billing_line_id_seq AS bigint;
CREATE TABLE billing_line (
    run_id bigint NOT NULL,
    id bigint NOT NULL,
    segment_id bigint NOT NULL,
    seq integer NOT NULL,
    component varchar(60) COLLATE "C" NOT NULL,
    part integer NOT NULL,
    version varchar(40) COLLATE "C" NOT NULL,
    starts date NOT NULL,
    ends date NOT NULL,
    quantity_e6 bigint NOT NULL,
    price_e8 bigint NOT NULL,
    amount_cents bigint NOT NULL,
    CONSTRAINT billing_line_days CHECK (starts < ends),
    PRIMARY KEY (run_id, id)
) PARTITION BY LIST (run_id);
CREATE INDEX billing_line_segment ON billing_line (segment_id);

CREATE FUNCTION meterbook_agreement_is_billed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE upto date;
BEGIN
    SELECT max(upper(b.period)) INTO upto FROM billing_billedperiod b WHERE b.agreement_id = NEW.id;
    IF upper(NEW.validity) < upto THEN
        RAISE EXCEPTION 'service agreement % is billed to %: it cannot end on %', NEW.id, upto, upper(NEW.validity)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billed_days_stay BEFORE UPDATE OF validity ON customers_serviceagreement
    FOR EACH ROW EXECUTE FUNCTION meterbook_agreement_is_billed();

CREATE VIEW billing_completeness AS
SELECT id, run_id, service_point_id, outcome, reason, account_id, last_usage_on, usage_e6 FROM billing_unbilled
UNION ALL
SELECT -min(s.id), s.run_id, s.service_point_id, 'billed', '', min(b.account_id), NULL, NULL
  FROM billing_segment s JOIN billing_bill b ON b.id = s.bill_id
 GROUP BY s.run_id, s.service_point_id;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing_segment
    FOR EACH ROW EXECUTE FUNCTION meterbook_refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON billing_segment
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing_line
    FOR EACH ROW EXECUTE FUNCTION meterbook_refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON billing_line
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_initial"), ("ledger", "0100_partitions")]
    operations = [migrations.RunSQL(UP, migrations.RunSQL.noop)]
