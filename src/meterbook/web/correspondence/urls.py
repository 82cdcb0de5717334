"""Addresses of the pages of letters."""

from __future__ import annotations

from django.urls import path

from meterbook.web.correspondence import mailing, views

urlpatterns = [
    path("letters/", views.letters, name="letters"),
    path("letters/<int:letter_id>/", views.letter, name="letter"),
    path("letters/<int:letter_id>/<slug:kind>/", views.letter_file, name="letter_file"),
    path("letters/templates/", views.templates, name="letter_templates"),
    path("letters/templates/new/", views.begin, name="begin_letter_template"),
    path("letters/templates/<slug:code>/", views.template, name="letter_template"),
    path("letters/templates/<slug:code>/use/", views.use, name="use_letter_template"),
    path("letters/mailings/", mailing.mailings, name="mailings"),
    path("letters/mailings/new/", mailing.begin, name="begin_mailing"),
    path("letters/mailings/<int:merge_id>/", mailing.mailing, name="mailing"),
    path("letters/mailings/<int:merge_id>/<slug:kind>/", mailing.mailing_file, name="mailing_file"),
    path("accounts/<str:number>/letters/write/", views.write, name="write_letter"),
]
