"""Addresses of the reports."""

from __future__ import annotations

from django.urls import path

from meterbook.web.reports import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/<slug:name>/", views.report, name="report"),
]
