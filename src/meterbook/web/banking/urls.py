"""Addresses of the bank's pages."""

from __future__ import annotations

from django.urls import path

from meterbook.web.banking import suspense, views

urlpatterns = [
    path("money/bank/", views.bank, name="bank"),
    path("money/bank/take/", views.take, name="bank_take"),
    path("money/bank/match/", views.match, name="bank_match"),
    path("money/bank/deposits/", views.deposits, name="deposits_in_transit"),
    path("money/bank/lines/<int:line_id>/", views.line, name="bank_line"),
    path("money/bank/lines/<int:line_id>/match/", views.match_line, name="bank_match_line"),
    path("money/bank/lines/<int:line_id>/book/", views.book, name="bank_book"),
    path("money/bank/statements/", views.statements, name="bank_statements"),
    path("money/bank/statements/<int:statement_id>/", views.statement, name="bank_statement"),
    path("money/bank/statements/<int:statement_id>/accept/", views.accept, name="bank_accept"),
    path("money/bank/matches/", views.matches, name="bank_matches"),
    path("money/bank/matches/<int:match_id>/undo/", views.undo, name="bank_undo"),
    path("money/unidentified/<int:payment_id>/", suspense.payment, name="unplaced_payment"),
    path("money/batches/<int:batch_id>/unpost/", suspense.unpost, name="unpost_batch"),
]
