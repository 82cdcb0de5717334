"""A payment file posted piece by piece, from wherever it stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from meterbook.records.banking.operations.finish_file import finish_file, finished
from meterbook.records.payments.operations.post_payments import post_payments, posted_of
from meterbook.records.platform.deeds import Act

if TYPE_CHECKING:
    from meterbook.records.payments.models import PaymentBatch

#: Payments of one transaction: a second or so of work, so that nobody waits longer for an account.
PIECE = 10_000


def post_file(
    act: Act, *, format: str, file_name: str, content: bytes, piece: int = PIECE,
    say: Callable[[int, int], None] = lambda posted, count: None,
) -> PaymentBatch:  # fmt: skip
    """Post a payment file to its end; ``say`` hears payments posted and payments in all after each piece.

    What the file takes back, and what its sender kept, is booked last. Interrupted anywhere, the same call goes on
    where it stopped; a file posted before changes nothing.
    """
    while True:
        batch = post_payments(act, format=format, file_name=file_name, content=content, piece=piece)
        posted = posted_of(batch)
        say(posted, batch.count)
        if posted == batch.count:
            break
    if not finished(batch):
        finish_file(act, batch=batch, content=content)
    return batch
