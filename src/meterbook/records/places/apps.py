"""Django's handle on the places area."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The places area."""

    name = "meterbook.records.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
