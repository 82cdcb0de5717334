"""Django's handle on the rates area."""

from django.apps import AppConfig


class RatesConfig(AppConfig):
    """The rates area."""

    name = "meterbook.records.rates"
    label = "rates"
    default_auto_field = "django.db.models.BigAutoField"
