"""Django's handle on the cases area."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases area."""

    name = "meterbook.records.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
