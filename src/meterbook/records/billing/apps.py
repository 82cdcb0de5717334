"""Django's handle on the billing area."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """The billing area."""

    name = "meterbook.records.billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"
