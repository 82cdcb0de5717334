"""Django's handle on the returns area."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """The returns area."""

    name = "meterbook.records.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"
