"""Addresses of locate tickets; the hook of `doors` needs no sign-in (`web.kit.access.OPEN_PATHS`)."""

from __future__ import annotations

from django.urls import path

from meterbook.web.locates import doors, views

urlpatterns = [
    path("hooks/locates/", doors.locate_hook, name="locate_hook"),
    path("field/locates/", views.locates, name="locates"),
    path("field/locates/take-in/", views.take_in, name="take_locates"),
    path("field/locates/<str:number>/", views.locate, name="locate"),
    path("field/locates/<str:number>/answer/", views.answer, name="answer_locate"),
    path("field/locates/<str:number>/crew/", views.send_crew, name="send_to_locate"),
]
