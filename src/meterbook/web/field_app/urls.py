"""Addresses of the crew's page; all of them below the folder its service worker answers for."""

from __future__ import annotations

from django.urls import path

from meterbook.web.field_app import views

urlpatterns = [
    path("crew/", views.crew_page, name="crew"),
    path("crew/worker.js", views.crew_worker, name="crew_worker"),
    path("crew/app.webmanifest", views.crew_manifest, name="crew_manifest"),
    path("crew/route.json", views.crew_route, name="crew_route"),
    path("crew/outcomes/", views.crew_outcomes, name="crew_outcomes"),
    path("crew/valve/", views.crew_valve, name="crew_valve"),
]
