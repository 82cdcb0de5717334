"""Addresses of the routes' pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering.routes import views

urlpatterns = [
    path("routes/", views.routes, name="routes"),
    path("routes/new/", views.new_route, name="new_route"),
    path("routes/opt-outs/", views.opt_outs, name="opt_outs"),
    path("routes/points/<int:point_id>/location/", views.location, name="location"),
    path("routes/points/<int:point_id>/radio/", views.change_radio, name="opt_out"),
    # A path, since a route on record from elsewhere may have a slash in its code; the longer address comes first.
    path("routes/of/<path:code>/edit/", views.edit_route, name="edit_route"),
    path("routes/of/<path:code>/", views.route, name="route"),
]
