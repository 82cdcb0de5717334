"""`meterbook programs level-pay`: candidates, plans, reviews, removals."""

from __future__ import annotations

from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.customers.queries import account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.programs.level_pay import screens
from meterbook.records.programs.level_pay.operations.end import remove_level_pay, settle_level_pay
from meterbook.records.programs.level_pay.operations.enrol import enrol_level_pay
from meterbook.records.programs.level_pay.operations.review import review_level_pay
from meterbook.records.programs.level_pay.queries import active_plan, candidates, plan_with_id, removals_due, reviews

_formula = click.option("--formula", default="eleven", show_default=True, help="A key of the policy level-pay.")


@click.group(name="level-pay")
def level_pay() -> None:
    """Level payment: an even amount asked for, the true balance kept."""


@level_pay.command(name="candidates")
@_formula
@click.option("--all", "everyone", is_flag=True, help="Also those that may not, with the reasons.")
@as_json
def candidates_(formula: str, everyone: bool, as_json: bool) -> None:
    """Print the accounts that may enrol today, and what each would be asked for."""
    with refusals():
        found = candidates(formula, business_date(), all_of_them=everyone)
    rows: list[dict[str, Any]] = [
        {"account": one.number, "charged": dollars(one.standing.charged_cents), "amount": dollars(one.amount_cents),
         "refusals": [step.words(str) for step in one.refusals]}
        for one in found
    ]  # fmt: skip
    for row in rows:
        click.echo(f"{row['account']:>10} {row['charged']:>12} {row['amount']:>10}  {' '.join(row['refusals'])}")
    click.echo(f"{sum(not row['refusals'] for row in rows):,} accounts may enrol")
    if as_json:
        print_json({"candidates": rows})


@level_pay.command(name="list")
@as_json
def list_(as_json: bool) -> None:
    """Print every plan with its amount and what it defers."""
    with refusals():
        rows = list(screens.plans().order_by("state", "account__number"))
        screens.with_progress(rows)
    for row in rows:
        click.echo(
            f"{row['number']:>10} {row['state']:<8} {row['formula']:<10} month {row['month']:>2}"
            f" {dollars(row['amount_cents']):>10} deferred {dollars(row['difference_cents']):>10}"
        )
    click.echo(f"{len(rows):,} plans")
    if as_json:
        print_json({"plans": rows})


@level_pay.command()
@click.argument("account")
@_formula
@as_user
def enrol(account: str, formula: str, username: str) -> None:
    """Enrol ACCOUNT; its next bill asks for the level amount."""
    with refusals():
        made = enrol_level_pay(act_of(username, "level payment"), account=account_numbered(account), formula=formula)
    amount = made.amounts.get().amount_cents
    click.echo(f"account {account}: {dollars(amount)} a month by formula {formula}")


@level_pay.command()
@as_user
@click.option("--preview", is_flag=True, help="Only show amounts before and after.")
@as_json
def review(username: str, preview: bool, as_json: bool) -> None:
    """Review every plan that stands at a review month."""
    with refusals():
        rows = reviews(business_date())
        changed = 0 if preview else review_level_pay(act_of(username, "review of level amounts"))
    for row in rows:
        word = "changes" if row.changes else "kept"
        click.echo(f"{row.number:>10} {dollars(row.before_cents):>10} -> {dollars(row.after_cents):>10}  {word}")
    click.echo(f"{len(rows):,} looked at, {changed:,} changed")
    if as_json:
        print_json({"reviews": len(rows), "changed": changed})


@level_pay.command()
@as_user
@click.option("--preview", is_flag=True, help="Only say which plans the rules end.")
def remove(username: str, preview: bool) -> None:
    """Remove every account whose plan the rules end: late, returned payments, no service."""
    with refusals():
        found = removals_due(business_date())
        for row in found:
            why = " ".join(step.words(str) for step in row.reasons)
            click.echo(f"{row.number:>10} {why}")
            if not preview:
                remove_level_pay(act_of(username, why), plan=plan_with_id(row.plan_id), why=why)
    click.echo(f"{len(found):,} plans {'would end' if preview else 'have ended'}")


@level_pay.command()
@click.argument("account")
@as_user
def settle(account: str, username: str) -> None:
    """End the plan of ACCOUNT because the customer asks."""
    with refusals():
        plan = active_plan(account_numbered(account).pk)
        if plan is None:
            raise LookupError(f"account {account} is on no level payment plan")
        settle_level_pay(act_of(username, "asked by the customer"), plan=plan)
    click.echo(f"account {account}: the next bill asks for everything owed")
