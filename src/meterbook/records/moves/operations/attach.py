"""Keeping a document with a move: a lease, an identification, a court's notice."""

from __future__ import annotations

from meterbook.records.moves.models import Move
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR


@operation("moves.attach_document", roles={CSR, BILLING, SUPERVISOR})
def attach_document(deed: Deed, *, move: Move, file_name: str, content_type: str, content: bytes) -> Attachment:
    """Keep a file with a move. Raises `TooLarge`."""
    kept = keep_file(deed, subject=f"move:{move.pk}", file_name=file_name, content_type=content_type, content=content)
    tell(deed, "moves.document_attached", move=move.pk, attachment=kept.pk)
    return kept
