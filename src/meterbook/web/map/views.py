"""The map page."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import POLICY, page
from meterbook.web.kit.sections import FIND
from meterbook.web.kit.tables import typed
from meterbook.web.map.drawing import SIZE, box_of, drawing, on_tiles


@page(FIND)
def show(request: HttpRequest) -> HttpResponseBase:
    """A piece of the map: premises as dots, or how many there are where they are too many to tell apart."""
    box = box_of(typed(request, "at"))
    shown = drawing(box, business_date()) if box is not None else None
    context: dict[str, object] = {"title": _("Map"), "shown": shown, "size": SIZE, "tiles": None}
    if box is None or shown is None or not settings.TILES:
        return render(request, "map/map.html", context)
    context["tiles"] = on_tiles(box, shown)
    response = render(request, "map/map.html", context)
    parts = urlsplit(settings.TILES)
    response.headers["Content-Security-Policy"] = POLICY.replace("img-src", f"img-src {parts.scheme}://{parts.netloc}")
    return response
