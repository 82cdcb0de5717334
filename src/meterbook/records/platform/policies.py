"""Policies in force: released documents of kind ``policy``, as plain mappings."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import yaml

from meterbook.records.platform.models import Document
from meterbook.records.platform.queries import remembered

Read = TypeVar("Read")


class NoPolicy(LookupError):
    """No released version of the policy is in force on the date asked for."""


def released(code: str, on: date) -> Document | None:
    """The release of policy ``code`` in force on a business date, or None."""
    return remembered(("policy", code, on), lambda: _released(code, on))


def _released(code: str, on: date) -> Document | None:
    releases = Document.objects.filter(kind="policy", code=code, effective__lte=on)
    return releases.order_by("-effective", "-sequence").first()


def policy(code: str, on: date) -> dict[str, Any]:
    """The policy ``code`` in force on a business date, as read from its YAML; raises `NoPolicy`."""
    document = released(code, on)
    if document is None:
        raise NoPolicy(f"no policy {code} is in force on {on}")
    found = _mapping(document.sha256, document.body)
    if found is None:
        raise NoPolicy(f"policy {code} is not a mapping")
    return deepcopy(found)


def policy_as(code: str, on: date, reader: Callable[[dict[str, Any]], Read]) -> tuple[Document, Read]:
    """The policy in force as the value its reader makes of it, with the document it stands in; raises `NoPolicy`."""
    document = released(code, on)
    if document is None:
        raise NoPolicy(f"no policy {code} is in force on {on}")
    return document, _read(document.sha256, document.body, reader)


@lru_cache(maxsize=128)
def _mapping(sha256: str, body: str) -> dict[str, Any] | None:
    """A released text as a mapping, read once."""
    found = yaml.safe_load(body)
    return found if isinstance(found, dict) else None


@lru_cache(maxsize=128)
def _read(sha256: str, body: str, reader: Callable[[dict[str, Any]], Read]) -> Read:
    """A released text read once; its fingerprint tells texts apart."""
    return reader(yaml.safe_load(body))
