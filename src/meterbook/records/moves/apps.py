"""Django's handle on the moves area."""

from django.apps import AppConfig


class MovesConfig(AppConfig):
    """The moves area."""

    name = "meterbook.records.moves"
    label = "moves"
    default_auto_field = "django.db.models.BigAutoField"
