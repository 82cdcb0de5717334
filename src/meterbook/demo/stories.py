"""What happens to the residents with a story: each happening is the operation a clerk would do that day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from meterbook.demo import sources
from meterbook.demo.reads import Reads
from meterbook.demo.shop import factory_test
from meterbook.demo.sources import Happening, Resident
from meterbook.records.customers.operations.move_in import move_in
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.customers.operations.open_account import add_person, open_account
from meterbook.records.customers.operations.record_protection import record_protection
from meterbook.records.customers.queries import account_numbered, premise_last_served
from meterbook.records.metering.operations.exchange import exchange_meter
from meterbook.records.metering.shop.devices import NewMeter, NewRegister, comparison_at, point_of
from meterbook.records.platform.deeds import Act

if TYPE_CHECKING:
    from meterbook.records.customers.models import Account
    from meterbook.records.platform.models import User

#: The sign-ins of the office by username.
Staff = Mapping[str, "User"]

#: The stories by key, as guides and tests tell them.
STORIES: dict[str, Resident] = {one.key: one for one in (*sources.residents(), *sources.newcomers())}


def happen(one: Happening, staff: Staff) -> str:
    """Let one happening happen, on its own business date; returns what to tell of it."""
    act = Act(actor=staff["csr"], business_date=one.on, reason=STORIES[one.who].story)
    who = STORIES[one.who]
    if one.deed == "protection":
        account = account_numbered(who.account)
        record_protection(act, account=account, kind=one.facts["kind"], evidence=one.facts["evidence"], starts=one.on)
        return f"{one.on}: {who.name} is on {one.facts['kind'].replace('_', ' ')}"
    if one.deed == "move_out":
        account = account_numbered(who.account)
        move_out(act, account=account, premise=premise_last_served(account), ends=one.on)
        return f"{one.on}: {who.name} moves out of {who.address}"
    if one.deed == "move_in":
        home = STORIES[one.facts["premise_of"]]
        left = account_numbered(home.account)
        owner = account_numbered(STORIES[one.facts["owner"]].account).holder
        account = _arrives(act, who, home, cycle_of=left)
        move_in(act, account=account, premise=premise_last_served(left), starts=one.on, owner=owner)
        return f"{one.on}: {who.name} moves into {home.address}"
    raise ValueError(f"nobody knows how {one.deed} happens")


def _arrives(act: Act, who: Resident, home: Resident, *, cycle_of: Account) -> Account:
    """Open the newcomer's account in the cycle of the home moved into."""
    place = sources.document("city")["place"]
    person = add_person(act, name=who.name, language=who.language)
    return open_account(
        act,
        holder=person,
        cycle=cycle_of.cycle,
        mail_lines=[home.address, f"{place['city']}, {place['state']} {place['postal_code']}"],
        number=who.account,
    )


def exchange(row: Mapping[str, object], reads: Reads, staff: Staff) -> str:
    """Exchange one meter of the plan (a row of `meters.exchanges`), with the reads its registers show that day."""
    on, serial, new_serial = row["on"], row["serial"], row["new_serial"]
    if not isinstance(on, date):
        raise TypeError(f"exchange on {on!r}: no date")
    shown = reads.on_day([int(str(row["site"]))], on)
    old, new = shown.filter(pl.col("serial") == serial), shown.filter(pl.col("serial") == new_serial)
    registers = tuple(
        NewRegister(
            channel=r["channel"], dials=r["dials"], decimals=r["decimals"], multiplier=Decimal(r["multiplier"]),
            unit=r["unit"], in_read=_reading(r),
        )
        for r in new.iter_rows(named=True)
    )  # fmt: skip
    first = new.row(0, named=True)
    meter = NewMeter(
        str(new_serial), first["size"], first["make"], first["model"], registers,
        factory_test=factory_test(first["commodity"]), certificate=f"F-{new_serial}",
    )  # fmt: skip
    act = Act(actor=staff["billing"], business_date=on, reason="Meter exchange program")
    point = point_of(str(serial))
    exchange_meter(
        act,
        service_point=point,
        on=on,
        out_reads={r["channel"]: _reading(r) for r in old.iter_rows(named=True)},
        meter=meter,
        confirmed=comparison_at(point, meter),
    )
    return f"{on}: meter {serial} at {first['street_number']} {first['street']} is exchanged for {new_serial}"


def _reading(row: Mapping[str, int]) -> Decimal:
    return Decimal(row["shown"]).scaleb(-row["decimals"])
