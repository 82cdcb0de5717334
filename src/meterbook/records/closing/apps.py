"""Django's handle on the closing area."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    """The closing area."""

    name = "meterbook.records.closing"
    label = "closing"
    default_auto_field = "django.db.models.BigAutoField"
