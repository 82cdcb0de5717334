"""Addresses of the setup pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.setup import views

urlpatterns = [
    path("setup/", views.people, name="staff"),
    path("setup/people/add/", views.add, name="add_staff"),
    path("setup/people/<str:username>/", views.member, name="staff_member"),
    path("setup/people/<str:username>/role/", views.grant, name="grant_role"),
    path("setup/people/<str:username>/switch/", views.switch, name="switch_sign_in"),
    path("setup/roles/<int:grant_id>/end/", views.end, name="end_role"),
    path("setup/operations/", views.operations, name="operations"),
    path("setup/review/", views.review, name="access_review"),
]
