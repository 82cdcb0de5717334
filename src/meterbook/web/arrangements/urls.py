"""Addresses of extensions and arrangements."""

from __future__ import annotations

from django.urls import path

from meterbook.web.arrangements import views

urlpatterns = [
    path("money/arrangements/", views.arrangements, name="payment_arrangements"),
    path("money/arrangements/<int:arrangement_id>/", views.arrangement, name="payment_arrangement"),
    path("money/arrangements/<int:arrangement_id>/cancel/", views.cancel, name="cancel_arrangement"),
    path("money/arrangements/<int:arrangement_id>/letter/", views.letter, name="arrangement_letter"),
    path("money/extensions/", views.extensions, name="payment_extensions"),
    path("money/extensions/<int:extension_id>/cancel/", views.take_back, name="cancel_extension"),
    path("accounts/<str:number>/extend/", views.extend, name="extend_payment"),
    path("accounts/<str:number>/arrange/", views.arrange, name="arrange_payment"),
]
