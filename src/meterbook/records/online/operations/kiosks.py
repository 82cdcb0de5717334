"""Kiosks: made known with a token that is shown once, and revoked."""

from __future__ import annotations

import secrets
from hashlib import sha256

from meterbook.records.online.models import Kiosk
from meterbook.records.online.refusals import KioskNameTaken, KioskRevoked
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import FINANCE, SUPERVISOR


@operation("online.create_kiosk", roles={SUPERVISOR, FINANCE})
def create_kiosk(deed: Deed, *, name: str) -> tuple[Kiosk, str]:
    """A kiosk and its token, which nobody can read again. Raises `KioskNameTaken`."""
    name = name.strip()
    if not 0 < len(name) <= 40 or Kiosk.objects.filter(name=name).exists():
        raise KioskNameTaken()
    token = secrets.token_urlsafe(32)
    made = Kiosk.objects.create(name=name, token_sha256=fingerprint(token), deed=deed)
    tell(deed, "online.kiosk_created", kiosk=made.pk, name=name)
    return made, token


@operation("online.revoke_kiosk", roles={SUPERVISOR, FINANCE})
def revoke_kiosk(deed: Deed, *, kiosk: Kiosk) -> Kiosk:
    """Its token is good for nothing from now on. Raises `KioskRevoked`."""
    found = Kiosk.objects.select_for_update().get(pk=kiosk.pk)
    if found.revoked_on is not None:
        raise KioskRevoked()
    found.revoked_on = deed.business_date
    found.save(update_fields=["revoked_on"])
    tell(deed, "online.kiosk_revoked", kiosk=found.pk, name=found.name)
    return found


def fingerprint(token: str) -> str:
    """What is kept of a token: 256 random bits need no salt."""
    return sha256(token.encode()).hexdigest()
