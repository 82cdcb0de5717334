"""Django's handle on the autopay area."""

from django.apps import AppConfig


class AutopayConfig(AppConfig):
    """The autopay area."""

    name = "meterbook.records.autopay"
    label = "autopay"
    default_auto_field = "django.db.models.BigAutoField"
