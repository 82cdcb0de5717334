"""Django's handle on the platform area."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """The platform area."""

    name = "meterbook.records.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let migrations run without rendering everything again at every step."""
        from meterbook.records.platform.migrating import install

        install()
