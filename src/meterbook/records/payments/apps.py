"""Django's handle on the payments area."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The payments area."""

    name = "meterbook.records.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
