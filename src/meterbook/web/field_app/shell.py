"""The files the page consists of, and the service worker that keeps them: a new version when one of them changes."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext

FILES = (
    "kit.css", "crew.css", "mark.svg", "crew.js", "crew-dom.js", "crew-judge.js", "crew-order.js", "crew-pictures.js",
    "crew-send.js", "crew-store.js",
)  # fmt: skip


def places() -> dict[str, str]:
    """The addresses the page talks to."""
    return {
        "shell": reverse("crew"), "worker": reverse("crew_worker"), "route": reverse("crew_route"),
        "outcomes": reverse("crew_outcomes"), "valve": reverse("crew_valve"), "signin": reverse("account_login"),
    }  # fmt: skip


def manifest() -> dict[str, object]:
    """Name, start and icon for a home screen."""
    return {
        "name": gettext("My route"), "short_name": gettext("My route"), "start_url": reverse("crew"),
        "scope": reverse("crew"), "display": "standalone", "background_color": "#ffffff", "theme_color": "#0b4f71",
        "icons": [{"src": static("web/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip


@lru_cache(maxsize=1)
def worker() -> str:
    """The worker's text with the page's files and their common fingerprint."""
    texts = {name: _text(name) for name in (*FILES, "crew-worker.js")}
    version = hashlib.sha256("\0".join(texts.values()).encode()).hexdigest()[:16]
    return (
        texts["crew-worker.js"]
        .replace("%VERSION%", version)
        .replace("%SHELL%", reverse("crew"))
        .replace("%FILES%", json.dumps([static(f"web/{name}") for name in FILES]))
    )


def _text(name: str) -> str:
    found = finders.find(f"web/{name}")
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
