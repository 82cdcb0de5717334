"""What Find needs of metering: a meter by the first characters of its serial, in either case."""

from django.db import migrations

UP = "CREATE INDEX metering_meter_serial ON metering_meter (upper(serial) text_pattern_ops)"
DOWN = "DROP INDEX metering_meter_serial"


class Migration(migrations.Migration):
    dependencies = [("metering", "0002_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
