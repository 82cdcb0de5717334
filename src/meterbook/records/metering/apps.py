"""Django's handle on the metering area."""

from django.apps import AppConfig


class MeteringConfig(AppConfig):
    """The metering area."""

    name = "meterbook.records.metering"
    label = "metering"
    default_auto_field = "django.db.models.BigAutoField"
