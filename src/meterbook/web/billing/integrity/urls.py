"""Addresses of the integrity pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.billing.integrity import views

urlpatterns = [
    path("integrity/", views.worklist, name="integrity"),
    path("integrity/preview/", views.preview, name="integrity_preview"),
    path("integrity/explain/", views.explain, name="integrity_explain"),
    path("integrity/audit/", views.audit, name="integrity_audit"),
    path("integrity/<int:finding_id>/", views.finding, name="finding"),
    path("integrity/<int:finding_id>/reopen/", views.reopen, name="finding_reopen"),
]
