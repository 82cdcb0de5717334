"""Addresses of the corrections' pages."""

from __future__ import annotations

from django.urls import path, re_path

from meterbook.web.corrections import views
from meterbook.web.corrections.acts import ACTS

urlpatterns = [
    path("corrections/", views.cases, name="correction_cases"),
    path("corrections/new/", views.new, name="new_correction"),
    path("corrections/usage/", views.other_usage, name="billed_otherwise"),
    path("corrections/<int:case_id>/", views.case, name="correction"),
    path("corrections/<int:case_id>/items/", views.case_items, name="correction_items"),
    re_path(rf"^corrections/(?P<case_id>\d+)/(?P<action>{'|'.join(ACTS)})/$", views.case_act, name="correction_act"),
]
