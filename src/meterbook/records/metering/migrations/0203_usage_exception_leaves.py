"""The old list of unbelievable pairs is empty of meaning: the exception queue took its place."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("metering", "0202_questions_of_before")]
    operations = [migrations.DeleteModel(name="UsageException")]
