"""Address of the map."""

from __future__ import annotations

from django.urls import path

from meterbook.web.map import views

urlpatterns = [path("map/", views.show, name="map")]
