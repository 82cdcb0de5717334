"""Addresses of the exception queue."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering.queue import views

urlpatterns = [
    path("reads/exceptions/", views.exceptions, name="exceptions"),
    path("reads/exceptions/preview/", views.exceptions_preview, name="exceptions_preview"),
    path("reads/exceptions/do/", views.exceptions_do, name="exceptions_do"),
    path("reads/exceptions/<int:item_id>/", views.exception, name="exception"),
    path("reads/exceptions/<int:item_id>/try/", views.exception_try, name="exception_try"),
    path("reads/exceptions/<int:item_id>/panel/<str:action>/", views.exception_panel, name="exception_panel"),
    path("reads/exceptions/<int:item_id>/act/<str:action>/", views.exception_act, name="exception_act"),
    path("reads/<int:read_id>/question/", views.question_read, name="question_read"),
]
