"""Addresses of the payment pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.payments import views

urlpatterns = [
    path("money/", views.batches, name="payment_batches"),
    path("money/batches/<int:batch_id>/", views.batch, name="payment_batch"),
    path("money/unidentified/", views.unplaced, name="unplaced_payments"),
]
