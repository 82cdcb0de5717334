"""Addresses of the pages of returned payments."""

from __future__ import annotations

from django.urls import path

from meterbook.web.returns import views

urlpatterns = [
    path("money/returned/", views.returned, name="returned_payments"),
    path("money/returned/<int:returned_id>/", views.one, name="returned_payment"),
    path("money/returned/<int:returned_id>/waive/", views.waive, name="waive_return_fee"),
    path("money/returned/<int:returned_id>/letter.pdf", views.letter, name="returned_payment_letter"),
    path("money/payments/<int:payment_id>/return/", views.give_back, name="return_payment"),
    path("money/bans/", views.bans, name="tender_bans"),
    path("money/bans/<int:ban_id>/lift/", views.lift, name="lift_ban"),
    path("accounts/<str:number>/ban/", views.ban, name="ban_tender"),
]
