"""Addresses of the Find page."""

from __future__ import annotations

from django.urls import path

from meterbook.web.find import views

urlpatterns = [
    path("find/", views.find_page, name="find"),
    path("find/as-typed/", views.as_typed, name="find_as_typed"),
]
