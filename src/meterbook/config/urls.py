"""URL map: each interface brings its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("staff/", include("allauth.account.urls")),
    path("staff/2fa/", include("allauth.mfa.urls")),
    path("", include("meterbook.web.urls")),
]
