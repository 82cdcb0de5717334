"""What was typed and not saved yet: kept on the server for each person, route and day, so that a sheet can be resumed.

Nothing here is a read. A draft outlives the browser and the sign-in, and is forgotten after two weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.crypto import salted_hmac

_KEPT_SECONDS = 14 * 24 * 3600


class Drafts:
    """The typed texts of one person on one route and day, by register."""

    def __init__(self, user_id: int, route_id: int, on: date) -> None:
        self._key = salted_hmac("meterbook.keying", f"{user_id}:{route_id}:{on}").hexdigest()[:40]

    def texts(self) -> dict[int, str]:
        """Everything typed and not saved."""
        store = SessionStore(session_key=self._key)
        return {int(register): text for register, text in store.get("texts", {}).items()}

    def keep(self, register: int, text: str) -> None:
        """Remember what stands in a field; an empty field is forgotten."""
        with self._changed() as texts:
            if text:
                texts[str(register)] = text
            else:
                texts.pop(str(register), None)

    def forget(self, registers: Iterable[int]) -> None:
        """Forget what was saved."""
        with self._changed() as texts:
            for register in registers:
                texts.pop(str(register), None)

    @contextmanager
    def _changed(self) -> Iterator[dict[str, str]]:
        """The texts, to be changed by one request at a time."""
        if not SessionStore().exists(self._key):
            SessionStore(session_key=self._key).save(must_create=True)
        with transaction.atomic():
            list(Session.objects.select_for_update().filter(session_key=self._key))
            store = SessionStore(session_key=self._key)
            texts = dict(store.get("texts", {}))
            yield texts
            store["texts"] = texts
            store.set_expiry(_KEPT_SECONDS)
            store.save()
