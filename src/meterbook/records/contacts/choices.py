"""The choices forms offer, for screens, which know no models."""

from __future__ import annotations

from meterbook.records.contacts.models import CHANNELS, DIRECTIONS

__all__ = ["CHANNELS", "DIRECTIONS"]
