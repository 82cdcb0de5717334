"""Addresses of the agencies pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.agencies import views

urlpatterns = [
    path("agencies/", views.agencies, name="agencies"),
    path("agencies/remittances/", views.remittances, name="remittances"),
    path("agencies/remittances/<int:remittance_id>/", views.remittance, name="remittance"),
    path("agencies/files/<int:file_id>/", views.file, name="agency_file"),
    path("agencies/<slug:code>/", views.newest, name="agency"),
    path("agencies/<slug:code>/<str:day>/", views.statement, name="agency_statement"),
    path("agencies/<slug:code>/<str:day>/pdf/", views.statement_pdf, name="agency_statement_pdf"),
    path("agencies/<slug:code>/<str:day>/lines/", views.lines, name="agency_lines"),
    path("agencies/<slug:code>/<str:day>/remit/", views.remit, name="agency_remit"),
    path("agencies/<slug:code>/<str:day>/export/<slug:format>/", views.export, name="agency_export"),
    path("agencies/<slug:code>/<str:day>/import/", views.take, name="agency_import"),
]
