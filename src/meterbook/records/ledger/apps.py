"""Django's handle on the ledger area."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger area."""

    name = "meterbook.records.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
