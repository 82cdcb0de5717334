"""Fees for returned payments and month-end estimates have sources of their own: their numbers are their own tables'."""

from django.db import migrations

UP = """
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_source;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_source CHECK (source_kind IN (
    'bill', 'payment', 'allocation', 'reversal', 'adjustment', 'deposit', 'settlement', 'remittance',
    'placement', 'transfer', 'refund', 'fee', 'return_fee', 'sale', 'drawer', 'bank', 'interest', 'unclaimed',
    'install', 'write_off', 'penalty', 'accrual'));
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0103_receivables")]
    operations = [migrations.RunSQL(UP, migrations.RunSQL.noop)]
