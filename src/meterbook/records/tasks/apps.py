"""Django's handle on the tasks area."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """The tasks area."""

    name = "meterbook.records.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"
