"""Addresses of the pages of unclaimed money."""

from __future__ import annotations

from django.urls import path

from meterbook.web.refunds.unclaimed import views

urlpatterns = [
    path("unclaimed/", views.unclaimed, name="unclaimed"),
    path("unclaimed/<int:unclaimed_id>/", views.one, name="unclaimed_one"),
    path("unclaimed/<int:unclaimed_id>/letter/", views.letter, name="unclaimed_letter"),
    path("unclaimed/<int:unclaimed_id>/contact/", views.heard_of, name="unclaimed_contact"),
    path("unclaimed/<int:unclaimed_id>/claim/", views.claim, name="claim_unclaimed"),
    path("unclaimed/claims/<int:claim_id>/", views.decide_claim, name="unclaimed_claim"),
    path("unclaimed/publish/", views.publish, name="publish_unclaimed"),
    path("unclaimed/lists/<int:publication_id>/", views.publication, name="publication"),
    path("unclaimed/lists/<int:publication_id>/print/", views.printed, name="print_publication"),
    path("unclaimed/take-over/<int:approval_id>/", views.take_over, name="take_over"),
]
