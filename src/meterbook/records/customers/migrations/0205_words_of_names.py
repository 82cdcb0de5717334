"""A dictionary of the words of names, with keys by which misspellings are found; see 0206."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

class Migration(migrations.Migration):
    replaces = [("customers", "0205_discounts")]
    dependencies = [("customers", "0204_people_and_alerts")]
    operations = [
        migrations.CreateModel(
            name="NameWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        help_text="its first letters, whole and with one left out",
                        size=None,
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="customers_nameword_keys")]
            },
        ),
    ]
