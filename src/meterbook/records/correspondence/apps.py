"""Django's handle on the correspondence area."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    """The correspondence area."""

    name = "meterbook.records.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"
