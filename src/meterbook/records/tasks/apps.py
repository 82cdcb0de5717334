"""Django's handle on the tasks area."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """The tasks area."""

    name = "meterbook.records.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Who asked for an approval is told when it is decided; platform itself knows no notifications."""
        from meterbook.records.platform.operations.approvals import WHEN_DECIDED
        from meterbook.records.tasks.operations.telling import tell_asker

        WHEN_DECIDED.append(tell_asker)
