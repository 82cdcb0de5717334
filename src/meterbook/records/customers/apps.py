"""Django's handle on the customers area."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """The customers area."""

    name = "meterbook.records.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
