"""Addresses of contacts, of verifying a caller and of the access log."""

from __future__ import annotations

from django.urls import path

from meterbook.web.contacts import verifying, views

urlpatterns = [
    path("accounts/<slug:number>/contacts/new/", views.log_contact, name="log_contact"),
    path("accounts/<slug:number>/contacts/draft/", views.contact_draft, name="contact_draft"),
    path("accounts/<slug:number>/verify/", verifying.verify, name="verify_caller"),
    path("accounts/<slug:number>/open/", verifying.open_data, name="open_data"),
    path("contacts/", views.contact_list, name="contacts"),
    path("contacts/<int:contact_id>/", views.contact, name="contact"),
    path("access-log/", views.access_log, name="access_log"),
]
