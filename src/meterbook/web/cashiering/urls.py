"""Addresses of the counter."""

from __future__ import annotations

from django.urls import path

from meterbook.web.cashiering import drawers, views

urlpatterns = [
    path("money/counter/", views.counter, name="counter"),
    path("money/counter/slip/", views.slip, name="counter_slip"),
    path("money/counter/take/", views.take, name="counter_take"),
    path("money/receipts/", views.receipts, name="receipts"),
    path("money/receipts/<int:receipt_id>/", views.receipt, name="receipt"),
    path("money/receipts/<int:receipt_id>/void/", views.void, name="void_receipt"),
    path("money/receipts/<int:receipt_id>/pdf/", views.receipt_pdf, name="receipt_pdf"),
    path("money/receipts/<int:receipt_id>/email/", views.receipt_email, name="receipt_email"),
    path("money/drawers/", drawers.list_page, name="drawers"),
    path("money/drawers/open/", drawers.open_page, name="open_drawer"),
    path("money/drawers/<int:drawer_id>/", drawers.drawer, name="drawer"),
    path("money/drawers/<int:drawer_id>/drop/", drawers.drop_page, name="drop_cash"),
    path("money/drawers/<int:drawer_id>/count/", drawers.count_page, name="count_drawer"),
    path("money/drawers/<int:drawer_id>/close/", drawers.close_page, name="close_drawer"),
    path("money/bags/", drawers.bags, name="bank_deposits"),
    path("money/bags/new/", drawers.bag_page, name="make_bank_deposit"),
]
