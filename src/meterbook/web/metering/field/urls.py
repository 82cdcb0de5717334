"""Addresses of field requests, the head-end and alerts."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering.field import views

urlpatterns = [
    path("field/", views.field_requests, name="field_requests"),
    path("field/bulk/", views.field_bulk, name="field_bulk"),
    path("field/<int:request_id>/", views.field_request, name="field_request"),
    path("field/<int:request_id>/<str:step>/", views.field_step, name="field_step"),
    path("field/photos/<int:photo_id>/", views.field_photo, name="field_photo"),
    path("field/ask/<int:point_id>/", views.field_flag, name="field_flag"),
    path("field/meters/<int:meter_id>/", views.meter_answers, name="meter_answers"),
    path("field/alerts/", views.alerts, name="alerts"),
]
