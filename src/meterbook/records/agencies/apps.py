"""Django's handle on the agencies area."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """The agencies area."""

    name = "meterbook.records.agencies"
    label = "agencies"
    default_auto_field = "django.db.models.BigAutoField"
