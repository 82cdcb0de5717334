"""Django's handle on the service orders area."""

from django.apps import AppConfig


class ServiceOrdersConfig(AppConfig):
    """The service orders area."""

    name = "meterbook.records.service_orders"
    label = "service_orders"
    default_auto_field = "django.db.models.BigAutoField"
