"""Addresses of the parallel run's pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.parallel import views

urlpatterns = [
    path("bills/comparisons/", views.comparisons, name="comparisons"),
    path("bills/comparisons/new/", views.compare, name="compare_bills"),
    path("bills/comparisons/<int:pk>/", views.comparison, name="comparison"),
    path("bills/comparisons/<int:pk>/sign/", views.sign, name="sign_comparison"),
    path("bills/comparisons/accounts/<int:pk>/", views.compared_bill, name="compared_bill"),
]
