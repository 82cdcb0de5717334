"""Addresses of the pages of small balances and rebates."""

from __future__ import annotations

from django.urls import path

from meterbook.web.refunds.programmes import views

urlpatterns = [
    path("small-balances/", views.small, name="small_balances"),
    path("small-balances/<int:batch_id>/", views.small_batch, name="small_batch"),
    path("rebates/", views.rebates, name="rebates"),
    path("rebates/<int:application_id>/", views.rebate, name="rebate"),
    path("accounts/<str:number>/rebate/", views.apply, name="apply_rebate"),
]
