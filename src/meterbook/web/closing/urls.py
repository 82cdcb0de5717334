"""Addresses of the month-end pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.closing import doing, looking

urlpatterns = [
    path("closing/", looking.months, name="closing"),
    path("closing/evidence/<int:signature_id>/", looking.evidence, name="closing_evidence"),
    path("closing/<str:month>/", looking.month, name="closing_month"),
    path("closing/<str:month>/books/", looking.books, name="closing_books"),
    path("closing/<str:month>/figure/<str:chart>/<slug:line>/", looking.figure, name="closing_figure"),
    path("closing/<str:month>/reconcile/", looking.reconcile, name="closing_reconcile"),
    path("closing/<str:month>/waiting/<slug:role>/", looking.waiting, name="closing_waiting"),
    path("closing/<str:month>/unbilled/", doing.unbilled, name="closing_unbilled"),
    path("closing/<str:month>/unbilled/ask/", doing.ask_accrual, name="closing_ask_accrual"),
    path("closing/<str:month>/journal/", doing.journal, name="closing_journal"),
    path("closing/<str:month>/journal/write/", doing.write, name="closing_write_journal"),
    path("closing/<str:month>/files/<slug:kind>/", looking.file, name="closing_file"),
    path("closing/<str:month>/sign/<slug:item>/", doing.sign, name="closing_sign"),
    path("closing/<str:month>/take-back/<slug:item>/", doing.take_back, name="closing_take_back"),
    path("closing/<str:month>/ask/", doing.ask, name="closing_ask"),
    path("closing/<str:month>/lock/", doing.lock, name="closing_lock"),
]
