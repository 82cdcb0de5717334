"""Django's handle on the parallel area."""

from django.apps import AppConfig


class ParallelConfig(AppConfig):
    """The parallel area."""

    name = "meterbook.records.parallel"
    label = "parallel"
    default_auto_field = "django.db.models.BigAutoField"
