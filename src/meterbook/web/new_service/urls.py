"""Addresses of new service."""

from __future__ import annotations

from django.urls import path

from meterbook.web.new_service import quote_views, views

urlpatterns = [
    path("field/permits/", views.permits, name="permits"),
    path("field/permits/import/", views.take_file, name="import_permits"),
    path("field/permits/<int:permit_id>/", views.permit, name="permit"),
    path("field/permits/<int:permit_id>/dismiss/", views.dismiss, name="dismiss_permit"),
    path("field/permits/<int:permit_id>/again/", views.again, name="permit_again"),
    path("field/quotes/", quote_views.quotes, name="quotes"),
    path("field/quotes/<int:quote_id>/", quote_views.quote, name="quote"),
    path("field/quotes/<int:quote_id>/pdf/", quote_views.pdf, name="quote_pdf"),
    path("field/quotes/<int:quote_id>/withdraw/", quote_views.withdraw, name="withdraw_quote"),
    path("field/orders/<int:order_id>/set-sheet/", quote_views.set_sheet, name="set_sheet"),
    path("premises/<int:premise_id>/quote/", quote_views.begin, name="begin_quote"),
]
