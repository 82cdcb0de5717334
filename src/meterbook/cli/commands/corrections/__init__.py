"""`meterbook corrections`: posted bills put right in the periods where they went wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.commands.corrections.said import say_case, say_difference
from meterbook.engine.quantity import scaled
from meterbook.records.corrections import screens
from meterbook.records.corrections.choosing import chosen, crossed_points, point_coded
from meterbook.records.corrections.diff import as_json as difference_as_json
from meterbook.records.corrections.diff import differences
from meterbook.records.corrections.operations.calculate_case import calculate_case
from meterbook.records.corrections.operations.decide_usage import decide_usage
from meterbook.records.corrections.operations.open_case import open_case
from meterbook.records.corrections.operations.post_case import decide_case, post_case, request_case
from meterbook.records.corrections.operations.withdraw_case import withdraw_case
from meterbook.records.corrections.worklist import billed_otherwise
from meterbook.records.platform.operations.attach_file import attach_file

_day = click.DateTime(["%Y-%m-%d"])
_why = click.option("--reason", default="", help="Why; stays with the deed.")


def _date(value: Any) -> date | None:
    return value.date() if value is not None else None


@click.group(name="corrections")
def command() -> None:
    """Cases that take posted bills back and bill their days again, or only take them back."""


@command.command(name="open")
@click.option("--bill", "bills", multiple=True, help="A bill by number or id; may be repeated.")
@click.option("--run", default="", help="Every bill of a run, by number or id.")
@click.option("--account", "accounts", multiple=True, help="An account by number; may be repeated.")
@click.option("--point", default="", help="Only the service at this service point.")
@click.option("--since", type=_day, help="Periods that end after this day.")
@click.option("--until", type=_day, help="Periods that begin before this day.")
@click.option(
    "--crossed", nargs=2, multiple=True, metavar="POINT POINT", help="Two service points with crossed meters."
)
@click.option("--usage", "by_usage", is_flag=True, help="Everything billed on other usage than is in force.")
@click.option("--cause", required=True, help="A cause of the policy back-billing, like misread.")
@click.option("--discovered", type=_day, help="When it was found; the business date if not said.")
@click.option("--cancel-only", is_flag=True, help="Take back, bill nothing again.")
@click.option("--reason", required=True, help="What is wrong and how it was found.")
@click.option("--evidence", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True)
@as_user
@as_json
def open_(**given: Any) -> None:
    """Open a case; nothing is calculated or posted."""
    with refusals():
        act = act_of(given["username"], given["reason"])
        discovered = _date(given["discovered"]) or act.business_date
        segments: list[tuple[int, int]] = []
        if given["by_usage"]:
            rows = billed_otherwise(_date(given["since"]) or date(1900, 1, 1))
            segments = [(row.run_id, row.segment_id) for row in rows if not row.case]
        crossed = crossed_points(given["crossed"])
        scope, standing = chosen(
            crossed=crossed, bills=given["bills"], run=given["run"], accounts=given["accounts"], point=given["point"],
            since=_date(given["since"]), until=_date(given["until"]), segments=segments,
        )  # fmt: skip
        case = open_case(
            act, standing=standing, cause=given["cause"], scope=scope, discovered_on=discovered,
            rebill=not given["cancel_only"], crossed=crossed,
        )  # fmt: skip
        for path in given["evidence"]:
            attach_file(
                act, subject=f"correctioncase:{case.pk}", file_name=path.name,
                content_type="application/octet-stream", content=path.read_bytes(),
            )  # fmt: skip
    say_case(screens.find_case(case.number), as_json=given["as_json"])


@command.command()
@click.argument("case")
@click.option("--point", required=True, help="A metered service point, by code.")
@click.option("--from", "starts", type=_day, required=True, help="First day.")
@click.option("--to", "ends", type=_day, required=True, help="The day after the last; the whole is whole periods.")
@click.option("--quantity", required=True, type=Decimal, help="What was used, in the meter's unit, like 41.5.")
@click.option("--reason", required=True, help="What it rests on; sealed with the bill.")
@as_user
def usage(case: str, point: str, starts: Any, ends: Any, quantity: Decimal, reason: str, username: str) -> None:
    """Decide a usage no read tells: a total, spread over its periods by days."""
    with refusals():
        decide_usage(
            act_of(username, reason), case=screens.find_case(case), service_point=point_coded(point),
            starts=starts.date(), ends=ends.date(), quantity_e6=scaled(quantity),
        )  # fmt: skip
    click.echo(f"{case}: {quantity} at {point} from {starts.date()} to {ends.date()}")


@command.command()
@click.argument("case")
@as_user
@as_json
def calculate(case: str, username: str, as_json: bool) -> None:
    """Bill the case's days again from what is known now; nothing is posted."""
    with refusals():
        calculate_case(act_of(username, "correction calculated"), case=screens.find_case(case))
    say_case(screens.find_case(case), as_json=as_json)


@command.command()
@click.argument("case")
@click.option("--limit", default=200, show_default=True, help="Segments at most.")
@click.option("--all", "every", is_flag=True, help="Also segments that stay as they are.")
@as_json
def diff(case: str, limit: int, every: bool, as_json: bool) -> None:
    """Print what each segment and line was and becomes, and why."""
    with refusals():
        found = screens.find_case(case)
        items = screens.items(found.pk) if every else screens.items(found.pk).exclude(outcome="unchanged")
        shown = differences(found, list(items[:limit]))
    for each in shown:
        say_difference(each)
    say_case(found, as_json=False)
    if as_json:
        print_json({
            "case": found.number, "state": found.state, "totals": screens.totals(found),
            "items": [difference_as_json(each) for each in shown],
        })  # fmt: skip


@command.command()
@click.argument("case")
@_why
@as_user
@as_json
def request(case: str, reason: str, username: str, as_json: bool) -> None:
    """Ask a second person to approve what would post."""
    with refusals():
        request_case(act_of(username, reason), case=screens.find_case(case))
    say_case(screens.find_case(case), as_json=as_json)


@command.command()
@click.argument("case")
@click.option("--refuse", is_flag=True, help="Refuse instead.")
@_why
@as_user
@as_json
def approve(case: str, refuse: bool, reason: str, username: str, as_json: bool) -> None:
    """Decide what somebody else asked for, within your role's limit (policy back-billing)."""
    with refusals():
        decide_case(act_of(username, reason), case=screens.find_case(case), approve=not refuse)
    say_case(screens.find_case(case), as_json=as_json)


@command.command()
@click.argument("case")
@as_user
@as_json
def post(case: str, username: str, as_json: bool) -> None:
    """Post an approved case: credits and charges in the books, the corrected bills to print."""
    with refusals():
        post_case(act_of(username, "correction posted"), case=screens.find_case(case))
    say_case(screens.find_case(case), as_json=as_json)


@command.command()
@click.argument("case")
@click.option("--reason", required=True)
@as_user
@as_json
def withdraw(case: str, reason: str, username: str, as_json: bool) -> None:
    """End a case without posting it."""
    with refusals():
        withdraw_case(act_of(username, reason), case=screens.find_case(case))
    say_case(screens.find_case(case), as_json=as_json)


@command.command(name="list")
@click.option("--state", type=click.Choice(screens.STATES))
@as_json
def list_(state: str | None, as_json: bool) -> None:
    """Print the cases, newest first."""
    rows = screens.case_rows().order_by("-pk")
    rows = rows.filter(state=state) if state else rows
    for row in rows:
        cents = row["difference_cents"]
        click.echo(
            f"{row['number']}  {row['state']:<10} {row['cause']:<18} {cents / 100:>12,.2f}  {row['reason'][:60]}"
        )
    if as_json:
        print_json({"cases": list(rows)})
