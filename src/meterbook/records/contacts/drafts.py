"""Words of a contact not sent yet, kept as they are typed: one draft a user and account, gone once it is logged."""

from __future__ import annotations

from meterbook.records.contacts.models import ContactDraft

LONGEST = 4000


def kept(user_id: int, account_id: int) -> str:
    """The draft's words, or nothing."""
    found = ContactDraft.objects.filter(user_id=user_id, account_id=account_id).values_list("words", flat=True).first()
    return found or ""


def keep(user_id: int, account_id: int, words: str) -> None:
    """Keep the words typed so far; empty words drop the draft."""
    said = words.replace("\0", "")[:LONGEST]
    if not said.strip():
        drop(user_id, account_id)
        return
    ContactDraft.objects.update_or_create(user_id=user_id, account_id=account_id, defaults={"words": said})


def drop(user_id: int, account_id: int) -> None:
    """Forget the draft."""
    ContactDraft.objects.filter(user_id=user_id, account_id=account_id).delete()
