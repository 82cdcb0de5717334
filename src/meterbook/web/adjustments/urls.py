"""Addresses of the adjustments pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.adjustments import views

urlpatterns = [
    path("adjustments/", views.worklist, name="adjustments"),
    path("adjustments/<int:adjustment_id>/", views.adjustment, name="adjustment"),
    path("adjustments/<int:adjustment_id>/reverse/", views.reverse_one, name="reverse_adjustment"),
    path("adjustments/<int:adjustment_id>/withdraw/", views.withdraw, name="withdraw_adjustment"),
    path("adjustments/leaks/<int:claim_id>/", views.leak_claim, name="leak_claim"),
    path("adjustments/proofs/<int:attachment_id>/", views.proof, name="adjustment_proof"),
    path("accounts/<str:number>/adjust/", views.adjust, name="adjust_account"),
    path("bills/<int:bill_id>/leak/", views.leak, name="leak_credit"),
]
