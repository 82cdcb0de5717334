"""Interest on deposits: what has run up to a day, less what was given before, computed set-wise and given once.

The policy `deposits` in force has the rates; without one, deposits bear no interest. What is given is always all that
ran from the first day, less what was given: a rate published late, or money that turns out never to have been held,
is put right by the next time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.security.columns import interest
from meterbook.engine.security.explain import Explained, Held, explain
from meterbook.engine.security.rules import DepositRules, parse_deposits
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.deposits.standing import service_of
from meterbook.records.ledger.models import Deposit, DepositInterest, Entry
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.models import AccountingPeriod, Deed, Document
from meterbook.records.platform.policies import policy_as, released

POLICY = "deposits"


class FacesDiffer(ArithmeticError):
    """The two ways of computing a deposit's interest differ; nothing is given."""


def rules_in_force(day: date) -> tuple[Document, DepositRules]:
    """The policy `deposits` on a day. Raises `NoPolicy`."""
    return policy_as(POLICY, day, parse_deposits)


_SPANS = """
WITH events AS (
    SELECT d.id, d.received_on AS day, d.amount_cents - coalesce((SELECT sum(u.amount_cents) FROM ledger_deposituse u
             WHERE u.deposit_id = d.id AND u.kind = 'returned'), 0) AS cents
      FROM ledger_deposit d WHERE {whose}
    UNION ALL
    SELECT d.id, greatest(u.used_on, d.received_on), -u.amount_cents FROM ledger_deposituse u
      JOIN ledger_deposit d ON d.id = u.deposit_id AND {whose} WHERE u.kind <> 'returned'),
balances AS (
    SELECT id, day, sum(sum(cents)) OVER (PARTITION BY id ORDER BY day) AS held,
           lead(day) OVER (PARTITION BY id ORDER BY day) AS next
      FROM events GROUP BY id, day)
SELECT id, held::bigint, day, least(coalesce(next, %(upto)s::date), %(upto)s::date) FROM balances
 WHERE held > 0 AND day < %(upto)s::date ORDER BY id, day
"""
_SPAN_TYPES: dict[str, Any] = {"deposit": pl.Int64, "cents": pl.Int64, "starts": pl.Date, "ends": pl.Date}
_KNOWN = """
SELECT d.id, d.account_id, d.service, coalesce((SELECT sum(i.amount_cents) FROM ledger_depositinterest i
         WHERE i.deposit_id = d.id), 0)::bigint
  FROM ledger_deposit d WHERE {whose} AND d.received_on < %(upto)s::date
"""
_KNOWN_TYPES: dict[str, Any] = {
    "deposit": pl.Int64, "account": pl.Int64, "service": pl.String, "given": pl.Int64,
}  # fmt: skip


def accrued(upto: date, accounts: Sequence[int] | None = None) -> pl.DataFrame:
    """Interest on every deposit (of some accounts) for the days before ``upto``.

    Columns: deposit, account, service, given, run (all that ever ran), due (what is still to be given; below zero
    where too much was). Empty where no policy is in force.
    """
    types = _KNOWN_TYPES | {"run": pl.Int64, "due": pl.Int64}
    document = released(POLICY, upto)
    if document is None or (accounts is not None and not accounts):
        return pl.DataFrame(schema=types)
    asked = {"upto": upto, "accounts": list(accounts or [])}
    whose = "true" if accounts is None else "d.account_id = ANY(%(accounts)s)"
    known = copy_out(_KNOWN.format(whose=whose), asked, _KNOWN_TYPES).with_columns(pl.col("service").fill_null(""))
    run = interest(copy_out(_SPANS.format(whose=whose), asked, _SPAN_TYPES), rules_in_force(upto)[1].interest)
    found = known.join(run.rename({"cents": "run"}), on="deposit", how="left").with_columns(pl.col("run").fill_null(0))
    return found.with_columns(due=pl.col("run") - pl.col("given")).sort("deposit")


def explained(deposit: Deposit, upto: date) -> Explained:
    """The interest on one deposit for the days before ``upto``, in words. Raises `NoPolicy`."""
    asked = {"upto": upto, "deposit": deposit.pk}
    spans = copy_out(_SPANS.format(whose="d.id = %(deposit)s"), asked, _SPAN_TYPES)
    held = [Held(cents, starts, ends) for _, cents, starts, ends in spans.iter_rows()]
    return explain(held, rules_in_force(upto)[1].interest)


def give(
    due: pl.DataFrame, *, upto: date, to: str, bill: str, due_on: date, effective_on: date, period: AccountingPeriod,
    deed: Deed,
) -> int:  # fmt: skip
    """Give what `accrued` found due, to the account or added to the deposit; returns the cents.

    The caller holds the accounts' locks. Too much given before is charged to the account. Raises `FacesDiffer`.
    """
    due = due.filter(pl.col("due") != 0)
    if due.is_empty():
        return 0
    document = rules_in_force(upto)[0]
    deposits = Deposit.objects.select_related("liability").in_bulk(due["deposit"].to_list())
    booked = []
    for row in due.iter_rows(named=True):
        deposit, cents = deposits[row["deposit"]], int(row["due"])
        if explained(deposit, upto).cents != row["run"]:
            raise FacesDiffer(f"deposit {deposit.pk}: columns find {row['run']} cents of interest, the words another")
        goes = to if cents > 0 else "account"
        service = deposit.service or service_of(deposit.account_id)
        made = DepositInterest.objects.create(
            deposit=deposit, upto=upto, amount_cents=cents, to=goes, service=service, bill=bill, document=document,
            deed=deed,
        )  # fmt: skip
        if goes == "deposit":
            _add(made, effective_on, period)
        else:
            booked.append((deposit.account_id, service, account_for("deposit_interest").pk, -cents, made.pk))
    frame = pl.DataFrame(booked, schema=dict(BOOKED), orient="row")
    book(frame, source_kind="interest", due_on=due_on, effective_on=effective_on, period=period, deed=deed)
    return int(due["due"].sum())


def _add(made: DepositInterest, day: date, period: AccountingPeriod) -> None:
    """Interest that stays: a deposit of its own, which bears interest from then on."""
    of = made.deposit
    Deposit.objects.create(
        account_id=of.account_id, service=of.service, amount_cents=made.amount_cents, received_on=made.upto,
        kind=Deposit.INTEREST, since=of.since or of.received_on, liability=of.liability, deed=made.deed,
    )  # fmt: skip
    Entry.objects.create(
        run_id=0, debit=account_for("deposit_interest"), credit=of.liability, amount_cents=made.amount_cents,
        account_id=of.account_id, service=of.service, effective_on=day, period=period, source_kind="interest",
        source_id=made.pk, deed=made.deed,
    )  # fmt: skip
