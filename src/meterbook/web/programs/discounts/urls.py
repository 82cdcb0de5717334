"""Addresses of the pages of discounts."""

from __future__ import annotations

from django.urls import path

from meterbook.web.programs.discounts import views

urlpatterns = [
    path("programs/discounts/", views.enrolments, name="discounts"),
    path("programs/discounts/renewals/", views.renewals, name="discount_renewals"),
    path("programs/discounts/<int:enrolment_id>/", views.enrolment, name="discount"),
    path("programs/discounts/<int:enrolment_id>/renew/", views.renew, name="renew_discount"),
    path("programs/discounts/<int:enrolment_id>/end/", views.end, name="end_discount"),
    path("accounts/<str:number>/discounts/", views.enrol, name="enrol_discount"),
]
