"""Addresses of keying reads."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering.keying import views

urlpatterns = [
    path("reads/keying/", views.routes, name="keying"),
    # A path, since a route on record from elsewhere may have a slash in its code; the longer address comes first.
    path("reads/keying/<path:code>/rows/<int:register>/", views.row, name="keying_row"),
    path("reads/keying/<path:code>/", views.sheet, name="keying_sheet"),
    path("reads/photos/<int:attachment_id>/", views.read_photo, name="read_photo"),
]
