"""Addresses of the receivables' pages."""

from __future__ import annotations

from django.urls import path, re_path

from meterbook.web.receivables import standing, views

urlpatterns = [
    path("money/payments/", views.payments, name="payments"),
    path("money/payments/<int:payment_id>/", views.payment, name="payment"),
    path("money/payments/<int:payment_id>/reverse/", views.reverse_payment, name="reverse_payment"),
    path("money/payments/<int:payment_id>/move/<str:number>/", views.move_payment, name="move_payment"),
    path("money/changes/", views.changes, name="hand_changes"),
    path("money/changes/<int:change_id>/", views.change, name="hand_change"),
    path("money/changes/<int:change_id>/withdraw/", views.withdraw, name="withdraw_hand_change"),
    path("money/aging/", standing.aging, name="aging"),
    path("money/trial-balance/", standing.balance, name="trial_balance"),
    path("money/relations/", standing.related, name="relations"),
    path("money/relations/declare/", standing.declare, name="declare_relation"),
    path("money/relations/<int:relation_id>/end/", standing.end_relation, name="end_relation"),
    path("accounts/<str:number>/receivable/", standing.receivable, name="receivable"),
    path("accounts/<str:number>/statement/", standing.statement, name="account_statement"),
    path("accounts/<str:number>/statement.pdf", standing.statement_pdf, name="account_statement_pdf"),
    re_path(r"^accounts/(?P<number>[^/]+)/carry/(?P<what>credit|balance)/$", standing.carry, name="carry"),
    path("accounts/<str:number>/apply-credit/", standing.apply, name="apply_credit"),
    path("accounts/<str:number>/order/", standing.order, name="account_order"),
]
