"""Payments by their check number or other reference, in either case."""

from django.db import migrations

UP = "CREATE INDEX payments_payment_reference ON payments_payment (upper(reference)) WHERE reference <> ''"
DOWN = "DROP INDEX payments_payment_reference"


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_by_hand")]
    operations = [migrations.RunSQL(UP, DOWN)]
