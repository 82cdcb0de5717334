"""Addresses of the solar pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.programs.solar import views

urlpatterns = [
    path("programs/solar/", views.solar, name="solar"),
    path("programs/solar/enrol/", views.enrol, name="enrol_solar"),
    path("programs/solar/<int:pk>/", views.solar_account, name="solar_account"),
    path("programs/solar/<int:pk>/end/", views.end, name="end_solar"),
]
