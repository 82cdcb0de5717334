"""What every page's frame shows: utility, business date, the rail by role."""

from __future__ import annotations

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, object]:
    """Template context of the page frame."""
    return {}
