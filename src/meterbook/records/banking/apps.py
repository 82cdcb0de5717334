"""Django's handle on the banking area."""

from django.apps import AppConfig


class BankingConfig(AppConfig):
    """The banking area."""

    name = "meterbook.records.banking"
    label = "banking"
    default_auto_field = "django.db.models.BigAutoField"
