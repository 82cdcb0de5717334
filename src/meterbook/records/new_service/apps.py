"""Django's handle on the new service area."""

from django.apps import AppConfig


class NewServiceConfig(AppConfig):
    """The new service area."""

    name = "meterbook.records.new_service"
    label = "new_service"
    default_auto_field = "django.db.models.BigAutoField"
