"""Addresses of the hub."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering.hub import views

urlpatterns = [
    path("reads/sources/", views.source_list, name="read_sources"),
    path("reads/sources/add/", views.new_source, name="add_read_source"),
    path("reads/sources/<int:source_id>/", views.source, name="read_source"),
    path("reads/sources/<int:source_id>/change/", views.edit_source, name="change_read_source"),
    path("reads/sources/<int:source_id>/retire/", views.retire, name="retire_read_source"),
    path("reads/expected/", views.expected, name="expected_reads"),
    path("reads/expected/<str:code>/", views.missing, name="missing_reads"),
    path("reads/expected/<str:code>/close/", views.close, name="close_reading"),
]
