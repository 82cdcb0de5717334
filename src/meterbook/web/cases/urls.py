"""Addresses of the pages of cases."""

from __future__ import annotations

from django.urls import path

from meterbook.web.cases import views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/complaint/", views.take_complaint, name="take_complaint"),
    path("cases/question/", views.ask_department, name="ask_department"),
    path("cases/loss/", views.suspect_loss, name="suspect_loss"),
    path("cases/findings/", views.findings, name="loss_findings"),
    path("cases/directory/", views.directory, name="referral_directory"),
    path("cases/<int:case_id>/", views.case, name="case"),
    path("cases/<int:case_id>/letter/", views.letter, name="case_letter"),
    path("cases/<int:case_id>/files/<int:file_id>/", views.file, name="case_file"),
    path("cases/<int:case_id>/<str:step>/", views.case_step, name="case_step"),
    path("accounts/<str:number>/complaint/", views.complain, name="complain"),
    path("accounts/<str:number>/dispute/", views.contest, name="contest"),
]
