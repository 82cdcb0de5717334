"""Addresses of a bill's change."""

from __future__ import annotations

from django.urls import path

from meterbook.web.billing.change import views

urlpatterns = [
    path("bills/<int:bill_id>/change/<slug:against>/", views.bill_change, name="bill_change"),
    path("bills/<int:bill_id>/change/<slug:against>/pdf/", views.bill_change_pdf, name="bill_change_pdf"),
]
