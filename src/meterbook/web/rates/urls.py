"""Addresses of the rate book."""

from __future__ import annotations

from django.urls import path

from meterbook.web.rates import views

urlpatterns = [
    path("rates/", views.rate_book, name="rate_book"),
    path("rates/<str:code>/", views.schedule, name="schedule"),
]
