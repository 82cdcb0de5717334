"""Django's handle on the online area."""

from django.apps import AppConfig


class OnlineConfig(AppConfig):
    """The online area."""

    name = "meterbook.records.online"
    label = "online"
    default_auto_field = "django.db.models.BigAutoField"
