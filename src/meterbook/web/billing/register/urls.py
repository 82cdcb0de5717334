"""Addresses of the register's pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.billing.register import views

urlpatterns = [
    path("bills/runs/<int:run_id>/register/", views.run_register, name="run_register"),
    path("bills/runs/<int:run_id>/register/<slug:action>/", views.run_register_act, name="run_register_act"),
    path("bills/holds/", views.all_holds, name="all_holds"),
    path("bills/holds/<slug:action>/", views.holds_act, name="holds_act"),
]
