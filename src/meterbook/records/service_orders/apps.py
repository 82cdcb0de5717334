"""Django's handle on the service orders area."""

from django.apps import AppConfig


class ServiceOrdersConfig(AppConfig):
    """The service orders area."""

    name = "meterbook.records.service_orders"
    label = "service_orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Go along with the steps of field requests; know the guards."""
        from meterbook.records.metering.field.states import FOLLOWERS
        from meterbook.records.service_orders import guards  # noqa: F401
        from meterbook.records.service_orders.applying.following import follow

        if follow not in FOLLOWERS:
            FOLLOWERS.append(follow)
