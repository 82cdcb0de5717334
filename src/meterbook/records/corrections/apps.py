"""Django's handle on the corrections area."""

from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    """The corrections area."""

    name = "meterbook.records.corrections"
    label = "corrections"
    default_auto_field = "django.db.models.BigAutoField"
