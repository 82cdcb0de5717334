"""Django's handle on the programs area."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """The programs area."""

    name = "meterbook.records.programs"
    label = "programs"
    default_auto_field = "django.db.models.BigAutoField"
