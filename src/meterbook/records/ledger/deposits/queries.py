"""What deposits are held: by account, and one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from meterbook.records.ledger.deposits.models import Deposit, DepositUse
from meterbook.records.platform.copying import copy_out

_HELD = """
SELECT d.account_id, sum(d.amount_cents - coalesce(u.used, 0))::bigint
  FROM ledger_deposit d
  LEFT JOIN (SELECT deposit_id, sum(amount_cents) AS used FROM ledger_deposituse GROUP BY 1) u ON u.deposit_id = d.id
 WHERE d.account_id = ANY(%s) GROUP BY 1 HAVING sum(d.amount_cents - coalesce(u.used, 0)) > 0
"""


def held_cents(accounts: Sequence[int]) -> pl.DataFrame:
    """What is held for each of some accounts: account, held_cents; accounts without a deposit are left out."""
    types: dict[str, Any] = {"account": pl.Int64, "held_cents": pl.Int64}
    return copy_out(_HELD, [list(accounts)], types) if accounts else pl.DataFrame(schema=types)


def deposits(account_id: int | None = None) -> QuerySet[Deposit, Any]:
    """Every deposit, or an account's, with what of it is still held (``held_cents``)."""
    used = (
        DepositUse.objects.filter(deposit=OuterRef("pk")).values("deposit").annotate(sum=Sum("amount_cents"))
    ).values("sum")
    found = Deposit.objects.annotate(held_cents=F("amount_cents") - Coalesce(Subquery(used), 0))
    return found if account_id is None else found.filter(account_id=account_id)
