"""`meterbook refunds unclaimed`: money nobody asks for, from the letter to the end."""

from __future__ import annotations

import mimetypes
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.commands.refunds.saying import file_argument
from meterbook.engine.money import dollars
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds.unclaimed import screens
from meterbook.records.refunds.unclaimed.finding import dormant
from meterbook.records.refunds.unclaimed.operations.claim import claim_unclaimed, decide_claim
from meterbook.records.refunds.unclaimed.operations.find_unclaimed import find_unclaimed
from meterbook.records.refunds.unclaimed.operations.publish import prove_publication, publish
from meterbook.records.refunds.unclaimed.operations.take_over import ask_take_over, take_over
from meterbook.records.refunds.unclaimed.operations.tell_owner import record_contact, send_letters
from meterbook.records.refunds.unclaimed.state_report import state_report

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def unclaimed() -> None:
    """Money nobody asks for: found, told, published, claimed, taken over."""


def _property(number: int) -> Any:
    found = screens.find(number)
    if found is None:
        raise click.ClickException(f"no unclaimed money {number}")
    return found


@unclaimed.command()
@as_json
def due(as_json: bool) -> None:
    """What would be set aside today; nothing is done."""
    with refusals():
        found = dormant(business_date())
    for one in found:
        click.echo(
            f"{one.number}  {dollars(one.cents):>10,.2f}  since {one.since}  {one.rule}, dormant {one.dormant_on}"
        )
    if as_json:
        print_json({"count": len(found), "cents": sum(one.cents for one in found)})


@unclaimed.command()
@as_user
@as_json
def find(username: str, as_json: bool) -> None:
    """Set aside uncashed checks and credits of those who left that are due for a letter."""
    with refusals():
        made = find_unclaimed(act_of(username, "unclaimed money looked for"))
    cents = sum(one.amount_cents for one in made)
    click.echo(f"{len(made)} set aside, {dollars(cents):,.2f}")
    if as_json:
        print_json({"found": [one.pk for one in made], "cents": cents})


@unclaimed.command(name="list")
@as_json
def list_(as_json: bool) -> None:
    """Every property and where it stands."""
    rows = list(screens.properties().order_by("pk"))
    for row in rows:
        click.echo(
            f"{row['id']}  {row['number']}  {dollars(row['amount_cents']):>10,.2f}  {row['state']}  {row['owner']}"
        )
    if as_json:
        print_json({"rows": rows})


@unclaimed.command()
@as_user
@as_json
def letters(username: str, as_json: bool) -> None:
    """Record the letters of today to every owner who had none (print them from the page, or each property's)."""
    with refusals():
        made = send_letters(act_of(username, "letters to owners"))
    click.echo(f"{len(made)} letters")
    if as_json:
        print_json({"letters": [one.unclaimed_id for one in made]})


@unclaimed.command()
@click.argument("number", type=int)
@click.option("--note", required=True, help="Who said what.")
@as_user
def contact(number: int, note: str, username: str) -> None:
    """Write down that the owner was heard of: the years begin again."""
    with refusals():
        record_contact(act_of(username, note), unclaimed=_property(number), note=note)


@unclaimed.command(name="publish")
@click.option("--rule", required=True)
@click.option("--first", type=DAY, required=True, help="Day of the first notice.")
@click.option("--claim-by", type=DAY, default=None, help="Day until which owners may claim.")
@as_user
@as_json
def publish_(rule: str, first: datetime, claim_by: datetime | None, username: str, as_json: bool) -> None:
    """List what is dormant by the first notice, with the law's dates."""
    with refusals():
        made = publish(
            act_of(username, "published"), rule=rule, first_on=first.date(),
            claim_by=claim_by.date() if claim_by else None,
        )  # fmt: skip
    count = made.listed.count()
    click.echo(f"publication {made.pk}: {count} on {made.first_on} and {made.second_on}, claims until {made.claim_by}")
    if as_json:
        print_json({
            "publication": made.pk, "count": count, "first_on": made.first_on, "second_on": made.second_on,
            "claim_by": made.claim_by,
        })  # fmt: skip


@unclaimed.command()
@click.argument("publication", type=int)
@file_argument
@as_user
def proof(publication: int, file: Path, username: str) -> None:
    """Keep the newspaper's affidavit with the list it printed."""
    with refusals():
        found = screens.find_publication(publication)
        if found is None:
            raise click.ClickException(f"no publication {publication}")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        prove_publication(
            act_of(username, file.name), publication=found, file_name=file.name, content_type=kind,
            content=file.read_bytes(),
        )  # fmt: skip


@unclaimed.command()
@click.argument("number", type=int)
@click.option("--claimant", required=True)
@click.option("--line", "lines", multiple=True, required=True, help="A line of the address; repeat it.")
@click.option("--grounds", required=True)
@click.option("--proof", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@as_user
@as_json
def claim(
    number: int, claimant: str, lines: tuple[str, ...], grounds: str, file: Path, username: str, as_json: bool
) -> None:
    """Take in an owner's claim with what proves it; a second person decides."""
    with refusals():
        kept = Proof(file.name, mimetypes.guess_type(file.name)[0] or "application/octet-stream", file.read_bytes())
        made = claim_unclaimed(
            act_of(username, grounds), unclaimed=_property(number), claimant=claimant, lines=lines, grounds=grounds,
            proofs=[kept],
        )  # fmt: skip
    click.echo(f"claim {made.pk} waits for a second person")
    if as_json:
        print_json({"claim": made.pk})


@unclaimed.command()
@click.argument("claim", type=int)
@click.option("--refuse", is_flag=True)
@click.option("--reason", default="")
@as_user
@as_json
def grant(claim: int, refuse: bool, reason: str, username: str, as_json: bool) -> None:
    """Decide a claim: granted, a check waits."""
    with refusals():
        found = screens.find_claim(claim)
        if found is None:
            raise click.ClickException(f"no claim {claim}")
        decided = decide_claim(act_of(username, reason), claim=found, grant=not refuse)
    click.echo(f"claim {claim}: {decided.state}")
    if as_json:
        print_json({"claim": claim, "state": decided.state, "refund": decided.refund_id})


@unclaimed.command(name="take-over")
@click.option("--approve", type=int, default=None, help="Decide this request instead of asking.")
@click.option("--refuse", is_flag=True, help="With --approve: refuse it.")
@as_user
@as_json
def take_over_(approve: int | None, refuse: bool, username: str, as_json: bool) -> None:
    """Ask that everything that went through every step ends; with --approve, decide it."""
    with refusals():
        act = act_of(username, "unclaimed money taken over")
        if approve is None:
            request = ask_take_over(act)
            said = {"request": request.pk, "cents": request.amount_cents, "count": len(request.preview["properties"])}
        else:
            found = screens.take_over_request(approve)
            if found is None:
                raise click.ClickException(f"no request {approve}")
            ended = take_over(act, request=found, approve=not refuse)
            said = {"request": approve, "cents": sum(one.amount_cents for one in ended), "count": len(ended)}
    click.echo(f"request {said['request']}: {said['count']} properties, {dollars(said['cents']):,.2f}")
    if as_json:
        print_json(said)


@unclaimed.command()
@click.option("--year", type=int, required=True, help="The calendar year in which the state was paid.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@as_json
def naupa(year: int, out: Path, as_json: bool) -> None:
    """Write what was paid to the state in a year as a NAUPA II file."""
    with refusals():
        content = state_report(year, business_date())
    out.write_bytes(content)
    click.echo(f"{out}: {len(content):,} bytes")
    if as_json:
        print_json({"year": year, "out": str(out), "bytes": len(content)})
