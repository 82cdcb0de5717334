"""The address of the statistics of readers and routes."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering.readers import views

urlpatterns = [path("field/readers/", views.reader_statistics, name="reader_statistics")]
