"""Addresses of the autopay pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.autopay import bank_views, run_views, views

urlpatterns = [
    path("autopay/", views.enrolments, name="autopay"),
    path("autopay/enrolments/<int:enrolment_id>/", views.enrolment, name="enrolment"),
    path("autopay/enrolments/<int:enrolment_id>/letter.pdf", views.letter, name="enrolment_letter"),
    path("autopay/enrolments/<int:enrolment_id>/<str:verb>/", views.enrolment_act, name="enrolment_act"),
    path("autopay/evidence/<int:attachment_id>/", views.evidence, name="autopay_evidence"),
    path("accounts/<str:number>/autopay/", views.enrol_account, name="enrol_autopay"),
    path("autopay/runs/", run_views.runs, name="draft_runs"),
    path("autopay/runs/<int:run_id>/", run_views.run, name="draft_run"),
    path("autopay/runs/<int:run_id>/<str:verb>/", run_views.run_act, name="draft_run_act"),
    path("autopay/drafts/<int:draft_id>/", run_views.decide, name="decide_draft"),
    path("autopay/day/<str:verb>/", run_views.day_act, name="autopay_day"),
    path("autopay/files/", bank_views.files, name="ach_files"),
    path("autopay/files/<int:file_id>/", bank_views.file, name="ach_file"),
    path("autopay/files/<int:file_id>/download/", bank_views.download, name="ach_file_download"),
    path("autopay/files/<int:file_id>/reverse/", bank_views.reverse_file, name="reverse_ach_file"),
    path("autopay/reversals/<int:reversal_id>/", bank_views.reversal, name="ach_reversal"),
    path("autopay/answers/", bank_views.answers, name="bank_answers"),
    path("autopay/answers/take/", bank_views.take, name="take_bank_file"),
    path("autopay/answers/<int:answer_id>/", bank_views.settle_one, name="settle_answer"),
]
