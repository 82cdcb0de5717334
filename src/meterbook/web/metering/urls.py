"""Addresses of the read-file pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering import views

urlpatterns = [
    path("reads/", views.reads, name="reads"),
    path("reads/import/", views.import_page, name="import_reads"),
    path("reads/corrections/", views.corrections, name="corrections"),
    path("reads/exceptions/", views.exceptions, name="exceptions"),
    path("reads/files/<int:batch_id>/", views.read_batch, name="read_batch"),
]
