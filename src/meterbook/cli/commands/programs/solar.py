"""`meterbook programs solar`: enrolments, one ledger, shares, and whether it all adds up."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.engine.programs.net_metering import OPTIONS
from meterbook.engine.quantity import unscaled
from meterbook.records.programs.net_metering import screens
from meterbook.records.programs.net_metering.operations.enrol import end_net_metering, enrol_net_metering
from meterbook.records.programs.net_metering.operations.share import share_exports
from meterbook.records.programs.net_metering.queries import all_enrolments, enrolled_at, positions
from meterbook.records.programs.net_metering.reconcile import compared

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def solar() -> None:
    """Net metering: who feeds in, what each carries, what settles."""


@solar.command(name="list")
@as_json
def list_(as_json: bool) -> None:
    """Print every enrolment with its bank."""
    with refusals():
        found = positions(all_enrolments())
    rows = [
        {
            "account": at.nem.account.number, "point": at.nem.agreement.service_point.code, "option": at.nem.option,
            "since": at.nem.validity.lower, "bank_kwh": unscaled(at.carried.kwh_e6),
            "bank_dollars": dollars(at.carried.cents), "waiting_kwh": unscaled(at.waiting_e6),
            "billed_to": at.last.ends if at.last else None, "to_rate_again": len(at.unsettled),
        }
        for at in found
    ]  # fmt: skip
    for row in rows:
        click.echo(
            f"{row['account']:>10}  {row['point']:<12} {row['option']:<22} {row['bank_kwh']:>12} kWh"
            f" {row['bank_dollars']:>10} $  billed to {row['billed_to'] or 'never'}"
        )
    click.echo(f"{len(rows):,} enrolments, {sum(row['to_rate_again'] > 0 for row in rows):,} to be rated again")
    if as_json:
        print_json({"enrolments": rows})


@solar.command()
@click.argument("point")
@click.option("--option", type=click.Choice(OPTIONS), required=True, help="As the tariff has it.")
@click.option("--starts", type=_DAY, required=True, help="First day.")
@click.option("--true-up-month", type=click.IntRange(1, 12), required=True, help="Month that settles the year.")
@click.option("--grandfathered-until", type=_DAY, help="Day on which the option ends for this customer.")
@click.option("--opening-kwh", default="0", help="What another system carried, kWh.")
@click.option("--opening-dollars", default="0", help="What another system carried, $.")
@as_user
def enrol(
    point: str, option: str, starts: datetime, true_up_month: int, grandfathered_until: datetime | None,
    opening_kwh: str, opening_dollars: str, username: str,
) -> None:  # fmt: skip
    """Enrol the agreement at service point POINT."""
    with refusals():
        agreement = screens.agreement_at(point)
        if agreement is None:
            raise LookupError(f"no agreement at service point {point}")
        made = enrol_net_metering(
            act_of(username, "net metering"), agreement=agreement, option=option, starts=starts.date(),  # type: ignore[arg-type]
            true_up_month=true_up_month,
            grandfathered_until=grandfathered_until.date() if grandfathered_until else None,
            opening_e6=int(_number(opening_kwh).scaleb(6)), opening_cents=int(_number(opening_dollars).scaleb(2)),
        )  # fmt: skip
    click.echo(f"account {agreement.account.number}: enrolment {made.pk}, {option} from {starts:%Y-%m-%d}")


@solar.command()
@click.argument("point")
@click.option("--ends", type=_DAY, required=True, help="First day no longer under it.")
@as_user
def end(point: str, ends: datetime, username: str) -> None:
    """End the enrolment at service point POINT."""
    with refusals():
        end_net_metering(act_of(username, "net metering ends"), net_metering=enrolled_at(point), ends=ends.date())
    click.echo(f"{point}: net metering ends on {ends:%Y-%m-%d}")


@solar.command()
@click.argument("point")
@click.argument("shares", nargs=-1, required=True)
@click.option("--name", required=True, help="What the group is called.")
@click.option("--starts", type=_DAY, required=True, help="First day of the exports shared.")
@as_user
def share(point: str, shares: tuple[str, ...], name: str, starts: datetime, username: str) -> None:
    """Share what POINT feeds in: SHARES are POINT=PERCENT, together 100."""
    with refusals():
        percents = {}
        for each in shares:
            member, _, percent = each.partition("=")
            percents[enrolled_at(member).pk] = _number(percent)
        share_exports(
            act_of(username, "shares"), generator=enrolled_at(point), name=name, percents=percents, starts=starts.date()
        )
    click.echo(f"{point}: shared among {len(percents)} from {starts:%Y-%m-%d}")


@solar.command()
@click.argument("point")
@as_json
def ledger(point: str, as_json: bool) -> None:
    """Print the ledger of the enrolment at service point POINT, oldest first."""
    with refusals():
        entries = list(reversed(screens.entries(enrolled_at(point))))
    rows = [
        {
            "kind": entry.kind, "starts": entry.starts, "ends": entry.ends, "bill": entry.bill_id,
            "imports": unscaled(entry.imports_e6), "exports": unscaled(entry.exports_e6),
            "banked": unscaled(entry.banked_e6 + entry.opened_e6), "used": unscaled(entry.used_e6),
            "expired": unscaled(entry.expired_e6), "paid": unscaled(entry.paid_e6), "after": unscaled(entry.after_e6),
            "earned": dollars(entry.earned_cents), "surplus": dollars(entry.surplus_cents + entry.paid_cents),
            "after_dollars": dollars(entry.after_cents), "settles": entry.settles,
        }
        for entry in entries
    ]  # fmt: skip
    for row in rows:
        click.echo(
            f"{row['starts']} {row['ends']} {row['kind']:<9} drawn {row['imports']:>8} fed in {row['exports']:>8}"
            f" carried {row['after']:>8} kWh {row['after_dollars']:>9} $"
        )
    if as_json:
        print_json({"entries": rows})


@solar.command()
@as_json
def reconcile(as_json: bool) -> None:
    """Compare every enrolment with its registers and the books; exit status 1 where anything differs."""
    with refusals():
        found = compared(all_enrolments())
    wrong = [one for one in found if one.problems]
    for one in wrong:
        click.echo(f"{one.position.nem.account.number}: {', '.join(one.problems)}")
    click.echo(f"{len(found):,} enrolments, {len(wrong):,} differ")
    if as_json:
        print_json({"enrolments": len(found), "differ": len(wrong)})
    if wrong:
        raise SystemExit(1)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise click.ClickException(f"{text!r} is no number") from None
