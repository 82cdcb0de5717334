"""Files kept with records, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Attachment, ImportBatch
from meterbook.records.platform.operations import attach_file as module
from meterbook.records.platform.operations.attach_file import TooLarge, attach_file

pytestmark = pytest.mark.django_db


def test_an_import_keeps_its_file_as_it_came(office: Any) -> None:
    batch = ImportBatch.objects.filter(kind="reads").order_by("pk").first()
    assert batch is not None
    kept = Attachment.objects.get(subject=f"importbatch:{batch.pk}")
    assert (kept.sha256, kept.file_name, kept.deed_id) == (batch.sha256, batch.file_name, batch.deed_id)
    assert bytes(kept.content).count(b"\n") >= batch.rows


def test_a_kept_file_is_never_changed(office: Any) -> None:
    facts = {"subject": "account:1", "file_name": "lease.pdf", "content_type": "application/pdf", "content": b"%PDF"}
    kept = attach_file(office.act("csr"), **facts)
    for statement in ("UPDATE platform_attachment SET content = ''", "DELETE FROM platform_attachment"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [kept.pk])
    with pytest.raises(NotPermitted):
        attach_file(office.act("auditor"), **facts)


def test_what_is_too_large_is_refused(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_BYTES", 3)
    with pytest.raises(TooLarge, match=r"scan\.tif has 4 bytes; at most 3"):
        attach_file(
            office.act("csr"), subject="account:1", file_name="scan.tif", content_type="image/tiff", content=b"long"
        )
