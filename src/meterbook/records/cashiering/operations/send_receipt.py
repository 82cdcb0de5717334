"""A receipt goes out by e-mail: who sent it, and the end of the address, stay on record."""

from __future__ import annotations

from meterbook.records.cashiering.models import Receipt
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import CASHIER, CSR, SUPERVISOR


@operation("cashiering.send_receipt", roles={CASHIER, CSR, SUPERVISOR})
def send_receipt(deed: Deed, *, receipt: Receipt, address: str) -> None:
    """Write down that a receipt was sent; the address itself is not kept, only its domain."""
    tell(deed, "cashiering.receipt_sent", receipt=receipt.pk, domain=address.rpartition("@")[2])
