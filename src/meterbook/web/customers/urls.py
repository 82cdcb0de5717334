"""Addresses of the customer pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.customers import suspensions, timeline, views
from meterbook.web.customers.people import papers
from meterbook.web.customers.people import views as people

urlpatterns = [
    path("accounts/", views.account_list, name="accounts"),
    path("accounts/put-away/", views.put_away, name="put_away"),
    path("accounts/<slug:number>/", views.account, name="account"),
    path("accounts/<slug:number>/entries/", views.account_entries, name="account_entries"),
    path("accounts/<slug:number>/timeline/", timeline.timeline, name="timeline"),
    path("accounts/<slug:number>/documents/", papers.papers, name="account_papers"),
    path("accounts/<slug:number>/documents/<int:attachment_id>/", papers.paper, name="account_paper"),
    path("accounts/<slug:number>/people/add/", people.add, name="add_part"),
    path("accounts/<slug:number>/people/<int:part_id>/end/", people.end, name="end_part"),
    path("accounts/<slug:number>/persons/<int:person_id>/", people.person, name="change_person"),
    path("accounts/<slug:number>/mailing/", people.mailing, name="change_mailing"),
    path("accounts/<slug:number>/alerts/add/", people.alert, name="raise_alert"),
    path("accounts/<slug:number>/alerts/<int:alert_id>/end/", people.alert_off, name="end_alert"),
    path("accounts/<slug:number>/services/<int:agreement_id>/suspend/", suspensions.suspend, name="suspend_service"),
    path("accounts/<slug:number>/suspensions/<int:suspension_id>/resume/", suspensions.resume, name="resume_service"),
    path("premises/<int:premise_id>/", views.premise, name="premise"),
]
