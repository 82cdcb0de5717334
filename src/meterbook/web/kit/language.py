"""Which of the two languages a page speaks."""

from __future__ import annotations

from django.utils.translation import get_language


def bilingual() -> str:
    """The current language as records know it: en or es."""
    return "es" if (get_language() or "en").startswith("es") else "en"
