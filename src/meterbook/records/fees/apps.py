"""Django's handle on the fees area."""

from django.apps import AppConfig


class FeesConfig(AppConfig):
    """The fees area."""

    name = "meterbook.records.fees"
    label = "fees"
    default_auto_field = "django.db.models.BigAutoField"
