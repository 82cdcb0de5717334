"""Addresses of the billing pages."""

from __future__ import annotations

from django.urls import include, path, re_path

from meterbook.web.billing import bills, views
from meterbook.web.billing.acts import ACTS

urlpatterns = [
    path("", include("meterbook.web.billing.calendar.urls")),
    path("", include("meterbook.web.billing.integrity.urls")),
    path("", include("meterbook.web.billing.register.urls")),
    path("", include("meterbook.web.billing.change.urls")),
    path("", include("meterbook.web.billing.kinds.urls")),
    path("bills/", views.runs, name="runs"),
    path("bills/runs/plan/", views.plan, name="plan_run"),
    path("bills/runs/<int:run_id>/", views.run, name="run"),
    path("bills/runs/<int:run_id>/progress/", views.run_progress, name="run_progress"),
    path("bills/runs/<int:run_id>/mail/<int:handoff_id>/", views.run_mail_file, name="run_mail_file"),
    path("bills/runs/<int:run_id>/mail/from/<int:piece>/", views.run_mail_again, name="run_mail_again"),
    path("bills/runs/<int:run_id>/bills/", views.run_bills, name="run_bills"),
    path("bills/runs/<int:run_id>/holds/", views.run_holds, name="run_holds"),
    path("bills/runs/<int:run_id>/points/<slug:outcome>/", views.run_points, name="run_points"),
    re_path(rf"^bills/runs/(?P<run_id>\d+)/(?P<action>{'|'.join(ACTS)})/$", views.run_act, name="run_act"),
    path("bills/<int:bill_id>/", bills.bill, name="bill"),
    path("bills/<int:bill_id>/pdf/", bills.bill_pdf, name="bill_pdf"),
    path("bills/<int:bill_id>/why/<int:segment_id>/<int:seq>/", bills.why, name="why"),
]
