"""Addresses of the customer pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.customers import suspensions, views

urlpatterns = [
    path("accounts/", views.account_list, name="accounts"),
    path("accounts/put-away/", views.put_away, name="put_away"),
    path("accounts/<slug:number>/", views.account, name="account"),
    path("accounts/<slug:number>/entries/", views.account_entries, name="account_entries"),
    path("accounts/<slug:number>/services/<int:agreement_id>/suspend/", suspensions.suspend, name="suspend_service"),
    path("accounts/<slug:number>/suspensions/<int:suspension_id>/resume/", suspensions.resume, name="resume_service"),
    path("premises/<int:premise_id>/", views.premise, name="premise"),
]
