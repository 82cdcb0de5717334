"""Addresses of the billing calendar."""

from __future__ import annotations

from django.urls import path

from meterbook.web.billing.calendar import views

urlpatterns = [
    path("bills/calendar/", views.calendar, name="calendar"),
    path("bills/calendar/compute/", views.calendar_compute, name="calendar_compute"),
    path("bills/calendar/dates/<int:date_id>/", views.calendar_date, name="calendar_date"),
    path("bills/calendar/dates/<int:date_id>/set/", views.calendar_set, name="calendar_set"),
    path("bills/calendar/<int:year>/", views.calendar_year, name="calendar_year"),
    path("bills/calendar/<int:year>/proposal/", views.calendar_proposal, name="calendar_proposal"),
    path("bills/calendar/<int:year>/publish/", views.calendar_publish, name="calendar_publish"),
    path("bills/calendar/<int:year>/withdraw/", views.calendar_withdraw, name="calendar_withdraw"),
    path("bills/calendar/<int:year>/pdf/", views.calendar_pdf, name="calendar_pdf"),
    path("bills/calendar/<int:year>/calendar.ics", views.calendar_ics, name="calendar_ics"),
    path("bills/calendar/<int:year>/<int:month>/", views.calendar_month, name="calendar_month"),
]
