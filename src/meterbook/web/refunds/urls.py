"""Addresses of the refunds pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.refunds import views

urlpatterns = [
    path("credits/", views.credits, name="credits"),
    path("accounts/<str:number>/credit/", views.account_credit, name="account_credit"),
    path("accounts/<str:number>/credit/refund/", views.ask, name="ask_refund"),
    path("accounts/<str:number>/credit/stays/", views.stays, name="credit_stays"),
    path("refunds/", views.refunds, name="refunds"),
    path("refunds/<int:refund_id>/", views.refund, name="refund"),
    path("refunds/<int:refund_id>/withdraw/", views.withdraw, name="withdraw_refund"),
    path("refunds/<int:refund_id>/keep/", views.keep, name="keep_refund"),
    path("refunds/<int:refund_id>/again/", views.again, name="pay_refund_again"),
    path("refunds/<int:refund_id>/letter/", views.letter, name="refund_letter"),
    path("refunds/checks/", views.checks, name="refund_checks"),
    path("refunds/checks/<int:payout_id>/end/", views.end, name="end_payout"),
    path("refunds/checks/statuses/", views.statuses, name="check_statuses"),
    path("refunds/files/<int:export_id>/", views.file, name="refund_file"),
    path("refunds/proofs/<int:attachment_id>/", views.proof, name="refund_proof"),
]
