"""Addresses of the pages of moves."""

from __future__ import annotations

from django.urls import path

from meterbook.web.moves import drafts, one, others, views

urlpatterns = [
    path("moves/", views.moves, name="moves"),
    path("moves/start/", views.start, name="move_start"),
    path("moves/many/", others.bulk, name="move_many"),
    path("moves/draft/", drafts.save_draft, name="move_draft"),
    path("moves/landlords/", others.landlords, name="landlords"),
    path("moves/landlords/<int:agreement_id>/end/", others.end_landlord, name="end_landlord"),
    path("moves/documents/<int:attachment_id>/", one.document, name="move_document"),
    path("moves/<int:move_id>/", one.one, name="move"),
    path("moves/<int:move_id>/now/", one.now, name="move_now"),
    path("moves/<int:move_id>/attach/", one.attach, name="move_attach"),
    path("moves/<int:move_id>/cancel/", one.cancel, name="cancel_move"),
    path("moves/<int:move_id>/correct/<int:premise_id>/", one.correct, name="correct_move"),
    path("moves/<int:move_id>/customer/", one.correct_who, name="correct_move_customer"),
    path("moves/<int:move_id>/undo/", one.take_back, name="undo_move"),
    path("accounts/<slug:number>/move-out/", views.stop, name="move_stop"),
    path("accounts/<slug:number>/transfer/", views.transfer, name="move_transfer"),
    path("accounts/<slug:number>/bankruptcy/", views.bankruptcy, name="move_bankruptcy"),
    path("accounts/<slug:number>/name/", others.rename, name="change_name"),
    path("accounts/<slug:number>/landlord/", others.landlord, name="landlord"),
    path("accounts/<slug:number>/landlord/new/", others.open_landlord, name="open_landlord"),
]
