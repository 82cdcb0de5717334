"""Addresses of the level payment pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.programs.level_pay import views

urlpatterns = [
    path("programs/level-pay/", views.level_pay, name="level_pay"),
    path("programs/level-pay/reviews/", views.review, name="level_pay_review"),
    path("programs/level-pay/enrol/<slug:number>/", views.enrol, name="enrol_level_pay"),
    path("programs/level-pay/<int:pk>/", views.plan, name="level_pay_plan"),
    path("programs/level-pay/<int:pk>/<slug:how>/", views.end, name="end_level_pay"),
]
