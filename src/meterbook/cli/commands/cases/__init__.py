"""`meterbook cases`: complaints, disputes, questions and revenue protection; late ones brought further."""

from __future__ import annotations

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.cases import screens
from meterbook.records.cases.operations.work import escalate_overdue
from meterbook.records.platform.queries import business_date

_COLUMNS = (
    "id", "kind", "topic", "state", "number", "told_by", "opened_on", "answer_by", "overdue", "level", "owner_name",
    "role", "outcome", "disputed_cents",
)  # fmt: skip


@click.group(name="cases")
def command() -> None:
    """Complaints, disputes, questions to departments, revenue protection."""


@command.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Ended ones as well.")
@click.option("--overdue", is_flag=True, help="Only those to be answered before today.")
@click.option("--kind", type=click.Choice(["complaint", "referral", "revenue_protection"]), help="One kind.")
@as_json
def list_(everything: bool, overdue: bool, kind: str | None, as_json: bool) -> None:
    """Open cases, the first to be answered first."""
    query = screens.late_cases(business_date()) if overdue else screens.cases(business_date())
    query = query if everything else query.filter(state="open")
    query = query.filter(kind=kind) if kind else query
    rows = [{name: row[name] for name in _COLUMNS} for row in query.order_by("answer_by", "id")]
    for row in rows:
        late = " OVERDUE" if row["overdue"] else ""
        held = f"  in dispute ${dollars(row['disputed_cents']):,}" if row["disputed_cents"] else ""
        who = row["number"] or row["told_by"] or "-"
        click.echo(f"{row['id']:>6}  {row['answer_by']}  {row['topic']:16} {who:12} {row['role']}{held}{late}")
    click.echo(f"{len(rows)} cases")
    if as_json:
        print_json(rows)


@command.command(name="escalate")
@as_user
def escalate(username: str) -> None:
    """Bring every case that is late by the policy's days before the next person."""
    with refusals():
        moved = escalate_overdue(act_of(username, "late"))
    click.echo(f"{moved} cases brought further")
