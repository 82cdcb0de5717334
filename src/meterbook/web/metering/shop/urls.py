"""Addresses of the shop's pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.metering.shop import views

urlpatterns = [
    path("meters/", views.meters, name="meters"),
    path("meters/receive/", views.receive, name="receive_meters"),
    path("meters/seals/", views.seals, name="seals"),
    path("meters/seals/place/", views.put_seal, name="place_seal"),
    path("meters/seals/<int:seal_id>/remove/", views.remove_seal, name="remove_seal"),
    path("meters/rights/<int:premise_id>/", views.rights, name="buy_connections"),
    path("meters/<int:meter_id>/", views.meter, name="meter"),
    path("meters/<int:meter_id>/exchange/", views.exchange, name="exchange_meter"),
    path("meters/<int:meter_id>/<slug:name>/", views.meter_act, name="meter_act"),
]
