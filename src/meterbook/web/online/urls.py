"""Addresses of paying online; those of `doors` need no sign-in (`web.kit.access.OPEN_PATHS`)."""

from __future__ import annotations

from django.urls import path

from meterbook.web.online import doors, views

urlpatterns = [
    path("hooks/cards/", doors.card_events, name="card_events"),
    path("hooks/cards/thanks/", doors.card_thanks, name="card_thanks"),
    path("api/v1/accounts/<str:number>/due", doors.due, name="kiosk_due"),
    path("api/v1/payments", doors.payments, name="kiosk_payment"),
    path("money/online/", views.checkouts, name="checkouts"),
    path("money/online/new/", views.new_checkout, name="new_checkout"),
    path("money/online/events/", views.events, name="card_events_list"),
    path("money/online/kiosks/", views.kiosks, name="kiosks"),
    path("money/online/kiosks/new/", views.new_kiosk, name="new_kiosk"),
    path("money/online/kiosks/<int:kiosk_id>/revoke/", views.revoke_kiosk, name="revoke_kiosk"),
]
