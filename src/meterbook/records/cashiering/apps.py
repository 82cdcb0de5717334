"""Django's handle on the cashiering area."""

from django.apps import AppConfig


class CashieringConfig(AppConfig):
    """The cashiering area."""

    name = "meterbook.records.cashiering"
    label = "cashiering"
    default_auto_field = "django.db.models.BigAutoField"
