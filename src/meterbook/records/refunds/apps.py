"""Django's handle on the refunds area."""

from django.apps import AppConfig


class RefundsConfig(AppConfig):
    """The refunds area."""

    name = "meterbook.records.refunds"
    label = "refunds"
    default_auto_field = "django.db.models.BigAutoField"
