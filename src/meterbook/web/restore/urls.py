"""Addresses of restoring service."""

from __future__ import annotations

from django.urls import path

from meterbook.web.restore import views

urlpatterns = [
    path("accounts/<str:number>/restore/", views.restore, name="restore_service"),
    path("accounts/<str:number>/restore/charge/", views.charge, name="charge_restoring"),
]
