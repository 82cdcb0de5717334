"""Django's handle on the contacts area."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """The contacts area."""

    name = "meterbook.records.contacts"
    label = "contacts"
    default_auto_field = "django.db.models.BigAutoField"
