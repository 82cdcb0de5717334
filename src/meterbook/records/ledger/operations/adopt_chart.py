"""Adopting the chart of accounts: a released document whose accounts are then on the books for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from meterbook.records.ledger.models import CATEGORIES, LedgerAccount
from meterbook.records.places.models import COMMODITIES
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed, Document
from meterbook.records.platform.operations.approvals import request_approval
from meterbook.records.platform.operations.release_document import release_document, sha256_of
from meterbook.records.platform.roles import FINANCE, SUPERVISOR

KIND = "chart_of_accounts"
ROLES = ("receivable", "unapplied", "cash", "suspense")
#: Roles a chart may do without, until something is booked that needs them: deposits held, asked for and not yet paid,
#: and the interest on them;
#: money in drawers and on its way to the bank; refunds owed; money nobody claims; what moves between two customers;
#: what one fund owes another; differences in drawers; what the bank takes and gives; debt given up;
#: what is earned and not yet billed at a month's end, by service, and the revenue it is.
OPTIONAL_ROLES = (
    "deposits", "deposits_asked", "deposit_interest", "drawer", "clearing", "refunds", "unclaimed", "transfers",
    "interfund", "over_short", "bank_fees", "bank_interest", "write_off", "unbilled", "unbilled_revenue",
)  # fmt: skip
_FIELDS = {"code", "title", "kind", "fund", "agency", "service", "role", "category"}
_KINDS = ("asset", "liability", "revenue", "expense")


class WrongChart(ValueError):
    """The chart's text is not a chart, or changes an account that is on the books; says where and what."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A parsed chart: its code, first day, citation, and the accounts as `LedgerAccount` fields."""

    code: str
    effective: date
    citation: str
    accounts: tuple[dict[str, str], ...]


def parse_chart(text: str, *, file: str) -> Chart:
    """Read a chart of accounts; raise `WrongChart` at the first thing that is wrong."""
    try:
        document: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WrongChart(f"{file}: not YAML: {error}") from error
    wanted = {"chart": str, "effective": date, "source": str, "accounts": list}
    if not isinstance(document, dict) or set(document) != set(wanted):
        raise WrongChart(f"{file}: expected exactly {', '.join(wanted)}")
    for field, kind in wanted.items():
        if not isinstance(document[field], kind) or not document[field]:
            raise WrongChart(f"{file}: {field}: found {document[field]!r}, expected a {kind.__name__}")
    accounts = tuple(_account(entry, f"{file}: accounts[{at}]") for at, entry in enumerate(document["accounts"]))
    for field, keys in (
        ("code", [account["code"] for account in accounts]),
        ("role", [f"{a['role']} {a['service']}".strip() for a in accounts if a["role"] not in ("", "interfund")]),
        ("interfund", [a["fund"] for a in accounts if a["role"] == "interfund"]),
    ):
        repeated = {key for key in keys if keys.count(key) > 1}
        if repeated:
            raise WrongChart(f"{file}: {field} {sorted(repeated)[0]} stands there twice")
    roles = {account["role"] for account in accounts}
    missing = [role for role in ROLES if role not in roles]
    if missing:
        raise WrongChart(f"{file}: no account has the role {', '.join(missing)}")
    return Chart(document["chart"], document["effective"], document["source"], accounts)


def _account(entry: object, where: str) -> dict[str, str]:
    """One account as text fields, or `WrongChart`."""
    if not isinstance(entry, dict) or not {"code", "title", "kind", "fund", "agency"} <= set(entry) <= _FIELDS:
        raise WrongChart(f"{where}: expected code, title, kind, fund, agency and, if any, service, role and category")
    title = entry["title"]
    if not isinstance(title, dict) or set(title) != {"en", "es"}:
        raise WrongChart(f"{where}.title: found {title!r}, expected en and es")
    row = {name: entry.get(name, "") for name in _FIELDS - {"title"}}
    row |= {"title_en": title["en"], "title_es": title["es"]}
    for name, value in row.items():
        if not isinstance(value, str) or (not value and name not in ("service", "role", "category")):
            raise WrongChart(f"{where}.{name}: found {value!r}, expected text (quote a code of digits)")
    for name, choices in (
        ("kind", _KINDS), ("service", ("", *COMMODITIES)), ("role", ("", *ROLES, *OPTIONAL_ROLES)),
        ("category", ("", *CATEGORIES[1:])),
    ):  # fmt: skip
        if row[name] not in choices:
            named = ", ".join(choice for choice in choices if choice)
            raise WrongChart(f"{where}.{name}: found {row[name]!r}, expected one of {named}")
    if row["role"] == "receivable" and not row["service"]:
        raise WrongChart(f"{where}.service: a receivable names its service")
    return row


@operation("ledger.propose_chart", roles={SUPERVISOR, FINANCE})
def propose_chart(deed: Deed, *, text: str, file: str) -> Approval:
    """Ask a second person to approve a chart of accounts. Raises `WrongChart`."""
    chart = parse_chart(text, file=file)
    new = _new_accounts(chart, file=file)
    preview = {"sha256": sha256_of(text), "chart": chart.code, "adds": [account["code"] for account in new]}
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    return request_approval(act, kind="ledger.adopt_chart", subject=f"chart:{chart.code}", preview=preview)


@operation("ledger.adopt_chart", roles={SUPERVISOR, FINANCE})
def adopt_chart(deed: Deed, *, text: str, file: str, approval: Approval) -> Document:
    """Release an approved chart and put its new accounts on the books. Raises `WrongChart`."""
    chart = parse_chart(text, file=file)
    new = _new_accounts(chart, file=file)
    document = release_document(
        Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=approval),
        kind=KIND, code=chart.code, effective=chart.effective, citation=chart.citation, body=text, approval=approval,
    )  # fmt: skip
    LedgerAccount.objects.bulk_create(LedgerAccount(**account) for account in new)
    tell(deed, "ledger.chart_adopted", document=document.pk, accounts=len(new))
    return document


def _new_accounts(chart: Chart, *, file: str) -> list[dict[str, str]]:
    """The accounts not on the books yet; raise `WrongChart` where one on the books would change."""
    on_books = {account.code: account for account in LedgerAccount.objects.all()}
    for account in chart.accounts:
        known = on_books.get(account["code"])
        changed = [name for name, value in account.items() if known is not None and getattr(known, name) != value]
        if changed:
            raise WrongChart(f"{file}: account {account['code']} is on the books; its {changed[0]} cannot change")
    return [account for account in chart.accounts if account["code"] not in on_books]
