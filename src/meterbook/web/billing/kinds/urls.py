"""Addresses of off-cycle bills, finals, summaries and deposits."""

from __future__ import annotations

from django.urls import path, re_path

from meterbook.web.billing.kinds import views
from meterbook.web.billing.kinds.deeds import DEEDS

urlpatterns = [
    path("bills/final/", views.finals, name="final_bills"),
    path("bills/off-cycle/", views.off_cycle, name="plan_off_cycle"),
    path("bills/summaries/", views.groups, name="summary_groups"),
    path("bills/summaries/open/", views.open_group, name="open_summary_group"),
    path("bills/summaries/issued/<int:summary_id>/", views.summary, name="summary_bill"),
    path("bills/summaries/issued/<int:summary_id>/pdf/", views.summary_pdf, name="summary_pdf"),
    path("bills/summaries/group/<str:code>/", views.group, name="summary_group"),
    re_path(
        rf"^bills/summaries/group/(?P<code>[^/]+)/(?P<action>{'|'.join(DEEDS)})/$", views.group_act, name="summary_act"
    ),
    path("bills/deposits/", views.deposits, name="deposits"),
    path("bills/deposits/record/", views.record, name="record_deposit"),
]
