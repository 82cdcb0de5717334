"""Django's handle on the adjustments area."""

from django.apps import AppConfig


class AdjustmentsConfig(AppConfig):
    """The adjustments area."""

    name = "meterbook.records.adjustments"
    label = "adjustments"
    default_auto_field = "django.db.models.BigAutoField"
