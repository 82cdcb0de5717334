"""Addresses of keying reads."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering.keying import views

urlpatterns = [
    path("reads/keying/", views.routes, name="keying"),
    path("reads/keying/<str:code>/", views.sheet, name="keying_sheet"),
    path("reads/keying/<str:code>/rows/<int:register>/", views.row, name="keying_row"),
    path("reads/photos/<int:attachment_id>/", views.read_photo, name="read_photo"),
]
