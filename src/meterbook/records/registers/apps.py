"""Django's handle on the registers area."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The registers area."""

    name = "meterbook.records.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"
