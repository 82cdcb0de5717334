"""Addresses of the security pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.security import instrument_views, views

urlpatterns = [
    path("security/", views.assessments, name="assessments"),
    path("security/refunds/", views.refunds, name="deposit_refunds"),
    path("security/requests/<int:request_id>/", views.decide, name="security_request"),
    path("security/instruments/", instrument_views.instruments, name="instruments"),
    path("security/instruments/<int:instrument_id>/", instrument_views.instrument, name="instrument"),
    path("security/instruments/<int:instrument_id>/<slug:act>/", instrument_views.change, name="change_instrument"),
    path("security/files/<int:attachment_id>/", instrument_views.file, name="instrument_file"),
    path("accounts/<str:number>/security/", views.account, name="account_security"),
    path("accounts/<str:number>/security/assess/", views.assess, name="assess_deposit"),
    path("accounts/<str:number>/security/cancel/<int:assessment_id>/", views.cancel, name="cancel_assessment"),
    path("accounts/<str:number>/security/back/", views.give_back, name="give_back_deposit"),
    path("accounts/<str:number>/security/move/", views.move, name="move_deposit"),
    path("accounts/<str:number>/security/instrument/", instrument_views.add, name="add_instrument"),
    path("accounts/<str:number>/security/letter/<slug:kind>/", views.letter, name="security_letter"),
]
