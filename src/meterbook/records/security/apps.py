"""Django's handle on the security area."""

from django.apps import AppConfig


class SecurityConfig(AppConfig):
    """The security area."""

    name = "meterbook.records.security"
    label = "security"
    default_auto_field = "django.db.models.BigAutoField"
