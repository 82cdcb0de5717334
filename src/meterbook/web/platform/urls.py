"""Addresses of the platform's pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.platform import views

urlpatterns = [
    path("", views.today, name="today"),
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/<int:request_id>/", views.approval, name="approval"),
    path("display/theme/", views.theme, name="theme"),
    path("display/language/", views.language, name="language"),
]
