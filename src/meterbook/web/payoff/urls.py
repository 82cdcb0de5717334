"""Addresses of payoff statements."""

from __future__ import annotations

from django.urls import path

from meterbook.web.payoff import views

urlpatterns = [path("accounts/<str:number>/payoff/", views.payoff, name="payoff")]
