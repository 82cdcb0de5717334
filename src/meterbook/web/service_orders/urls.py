"""Addresses of service orders."""

from __future__ import annotations

from django.urls import path

from meterbook.web.service_orders import planning, views

urlpatterns = [
    path("field/orders/", views.orders, name="service_orders"),
    path("field/orders/new/", views.new, name="new_order"),
    path("field/orders/plan/", planning.plan, name="plan_orders"),
    path("field/orders/calendar/", planning.calendar, name="order_calendar"),
    path("field/orders/crews/", planning.crews, name="crews"),
    path("field/orders/crews/<int:crew_id>/", planning.one_crew, name="crew_members"),
    path("field/orders/crews/<int:crew_id>/<str:day>/", planning.crew_day, name="crew_day"),
    path("field/orders/crews/<int:crew_id>/<str:day>/sheets.pdf", planning.day_sheets, name="crew_day_sheets"),
    path("field/orders/photos/<int:photo_id>/", views.photo, name="order_photo"),
    path("field/orders/visits/<int:visit_id>/<str:decision>/", views.decide, name="decide_visit"),
    path("field/orders/<int:order_id>/", views.order, name="service_order"),
    path("field/orders/<int:order_id>/sheet.pdf", planning.order_sheet, name="order_sheet"),
    path("field/orders/<int:order_id>/complete/", views.complete, name="complete_order"),
    path("field/orders/<int:order_id>/<str:step>/", views.order_step, name="order_step"),
]
