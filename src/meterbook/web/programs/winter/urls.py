"""Addresses of the winter average's pages."""

from __future__ import annotations

from django.urls import path, re_path

from meterbook.web.programs.winter import views
from meterbook.web.programs.winter.acts import ACTS

urlpatterns = [
    path("bills/winter/", views.winter_resets, name="winter_resets"),
    path("bills/winter/draw/", views.draw, name="draw_winter"),
    path("bills/winter/newcomers/", views.winter_newcomers, name="winter_newcomers"),
    path("bills/winter/<int:pk>/", views.winter_reset, name="winter_reset"),
    re_path(rf"^bills/winter/(?P<pk>\d+)/(?P<action>{'|'.join(ACTS)})/$", views.winter_act, name="winter_act"),
    path("bills/winter/points/<int:pk>/", views.winter_average, name="winter_average"),
    path("bills/winter/points/<int:pk>/letter/", views.winter_letter, name="winter_letter"),
]
