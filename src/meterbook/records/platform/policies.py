"""Policies in force: released documents of kind ``policy``, as plain mappings."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from meterbook.records.platform.models import Document


class NoPolicy(LookupError):
    """No released version of the policy is in force on the date asked for."""


def released(code: str, on: date) -> Document | None:
    """The release of policy ``code`` in force on a business date, or None."""
    releases = Document.objects.filter(kind="policy", code=code, effective__lte=on)
    return releases.order_by("-effective", "-sequence").first()


def policy(code: str, on: date) -> dict[str, Any]:
    """The policy ``code`` in force on a business date, as read from its YAML; raises `NoPolicy`."""
    document = released(code, on)
    if document is None:
        raise NoPolicy(f"no policy {code} is in force on {on}")
    found = yaml.safe_load(document.body)
    if not isinstance(found, dict):
        raise NoPolicy(f"policy {code} is not a mapping")
    return found
