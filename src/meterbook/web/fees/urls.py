"""Addresses of the pages of one-off charges."""

from __future__ import annotations

from django.urls import path

from meterbook.web.fees import views

urlpatterns = [
    path("money/fees/", views.fees, name="service_charges"),
    path("money/fees/<int:charge_id>/", views.one, name="service_charge"),
    path("money/fees/<int:charge_id>/cancel/", views.cancel, name="cancel_service_charge"),
    path("money/requests/", views.requests, name="service_requests"),
    path("money/requests/<int:request_id>/send/", views.send, name="send_service"),
    path("money/requests/<int:request_id>/cancel/", views.call_off, name="cancel_service"),
    path("money/development/", views.developments, name="development_charges"),
    path("money/development/<int:development_id>/", views.development, name="development_charge"),
    path("accounts/<str:number>/fee/", views.charge, name="charge_fee"),
    path("accounts/<str:number>/request/", views.ask_service, name="request_service"),
    path("accounts/<str:number>/development/", views.ask_development, name="ask_development"),
]
