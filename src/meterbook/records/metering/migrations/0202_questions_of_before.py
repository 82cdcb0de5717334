"""Pairs of reads nobody believed become items of the exception queue; meters that hang nowhere were taken down."""

from django.db import migrations

QUESTIONS = """
UPDATE metering_read SET status = 'queued'
 WHERE id IN (SELECT to_read_id FROM metering_usageexception WHERE resolved_by_id IS NULL);
INSERT INTO metering_readexception (service_point_id, register_id, read_id, "on", raised_on, unit, at_risk_cents, deed_id,
                                    resolution)
SELECT (SELECT o.service_point_id FROM metering_installation o
         WHERE o.meter_id = g.meter_id AND lower(o.validity) <= r.read_on ORDER BY lower(o.validity) DESC LIMIT 1),
       e.register_id, r.id, r.read_on, e.raised_on, g.unit, 0, r.deed_id, ''
  FROM metering_usageexception e JOIN metering_read r ON r.id = e.to_read_id
  JOIN metering_register g ON g.id = e.register_id
 WHERE e.resolved_by_id IS NULL;
INSERT INTO metering_finding (exception_id, read_id, "on", rule, holds, figures, deed_id)
SELECT x.id, x.read_id, x."on", e.problem, true, '{}', x.deed_id
  FROM metering_usageexception e JOIN metering_readexception x ON x.read_id = e.to_read_id
 WHERE e.resolved_by_id IS NULL;
UPDATE metering_meter m SET state = 'removed', cleared = false
 WHERE EXISTS (SELECT FROM metering_installation i WHERE i.meter_id = m.id)
   AND NOT EXISTS (SELECT FROM metering_installation i WHERE i.meter_id = m.id AND upper_inf(i.validity));
"""


class Migration(migrations.Migration):
    dependencies = [("metering", "0201_validation")]
    operations = [
        migrations.RunSQL(QUESTIONS),
    ]
