"""More reasons to book: adjustments beside bills, deposits, budgets settled, money handed to agencies."""

from django.db import migrations

UP = """
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_source;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_source CHECK (source_kind IN (
    'bill', 'payment', 'allocation', 'reversal', 'adjustment', 'deposit', 'settlement', 'remittance'));
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0100_partitions")]
    operations = [migrations.RunSQL(UP, migrations.RunSQL.noop)]
