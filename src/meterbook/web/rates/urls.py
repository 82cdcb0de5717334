"""Addresses of the rate book and the rate workbench."""

from __future__ import annotations

from django.urls import path

from meterbook.web.rates import views
from meterbook.web.rates.workbench import views as workbench

urlpatterns = [
    path("rates/", views.rate_book, name="rate_book"),
    path("rates/versions/", views.versions, name="rate_versions"),
    path("rates/list/", views.rate_list, name="rate_list"),
    path("rates/list.pdf", views.rate_list_pdf, name="rate_list_pdf"),
    path("rates/drafts/", workbench.drafts, name="drafts"),
    path("rates/drafts/begin/", workbench.begin, name="begin_draft"),
    path("rates/drafts/begin-schedule/", workbench.begin_schedule, name="begin_schedule"),
    path("rates/drafts/<int:draft_id>/", workbench.draft, name="draft"),
    path("rates/drafts/<int:draft_id>/text/", workbench.draft_text, name="draft_text"),
    path("rates/drafts/<int:draft_id>/check/", workbench.draft_check, name="draft_check"),
    path("rates/drafts/<int:draft_id>/revisions/<int:sequence>/", workbench.draft_revision, name="draft_revision"),
    path("rates/drafts/<int:draft_id>/golden/", workbench.draft_golden, name="draft_golden"),
    path("rates/drafts/<int:draft_id>/golden/text/", workbench.draft_golden_text, name="draft_golden_text"),
    path("rates/drafts/<int:draft_id>/golden/<int:at>/drop/", workbench.draft_golden_drop, name="draft_golden_drop"),
    path("rates/drafts/<int:draft_id>/differences/", workbench.draft_differences, name="draft_differences"),
    path("rates/drafts/<int:draft_id>/impact/", workbench.draft_impact, name="draft_impact"),
    path("rates/drafts/<int:draft_id>/impact/keep/", workbench.draft_impact_keep, name="draft_impact_keep"),
    path("rates/drafts/<int:draft_id>/impact.<str:form>", workbench.draft_impact_file, name="draft_impact_file"),
    path("rates/drafts/<int:draft_id>/solve/", workbench.draft_solve, name="draft_solve"),
    path("rates/drafts/<int:draft_id>/review/", workbench.draft_review, name="draft_review"),
    path("rates/drafts/<int:draft_id>/act/<str:action>/", workbench.draft_act, name="draft_act"),
    path("rates/<str:code>/", views.schedule, name="schedule"),
    path("rates/<str:code>/sheet.pdf", views.schedule_pdf, name="schedule_pdf"),
    path("rates/<str:code>/versions/<str:version>/", views.schedule_version, name="schedule_version"),
    path("rates/<str:code>/compare/", views.compare, name="compare_versions"),
]
