"""Releasing a policy: cited YAML, proposed by one person and released by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import yaml

from meterbook.engine.autopay.rules import parse_autopay
from meterbook.engine.billing.adjusting.fees import parse_fees
from meterbook.engine.billing.adjusting.reasons import parse_reasons
from meterbook.engine.billing.adjusting.returned import parse_returns
from meterbook.engine.billing.calendar import parse_rules
from meterbook.engine.billing.charges.catalogue import parse_service_fees
from meterbook.engine.billing.charges.development import parse_development
from meterbook.engine.billing.charges.installation import parse_installation
from meterbook.engine.billing.corrections.policy import parse_back_billing
from meterbook.engine.billing.discounting.rules import parse_discounts
from meterbook.engine.billing.leak.settings import parse_leak
from meterbook.engine.billing.refunding.dormancy import parse_dormancy
from meterbook.engine.billing.refunding.programmes import parse_programmes
from meterbook.engine.billing.refunding.rules import parse_refunds
from meterbook.engine.billing.register import parse_register
from meterbook.engine.billing.suspension import parse_suspension
from meterbook.engine.billing.wholesale import parse_wholesale
from meterbook.engine.cases.rules import parse_cases
from meterbook.engine.cashiering.rules import parse_rules as parse_counter
from meterbook.engine.cashiering.rules import parse_sales
from meterbook.engine.collections.arrangements.rules import parse_arrangements
from meterbook.engine.collections.restoring import parse_restore
from meterbook.engine.contacts.caller import parse_caller
from meterbook.engine.contacts.log import parse_contacts
from meterbook.engine.ledger.agencies.agreements import parse_agreements
from meterbook.engine.ledger.closing.gl_journal import parse_mapping
from meterbook.engine.ledger.limits import parse_limits
from meterbook.engine.ledger.order import order_of
from meterbook.engine.moves.rules import parse_moves
from meterbook.engine.programs.level_pay.rules import parse_rules as parse_level_pay
from meterbook.engine.security.rules import parse_deposits
from meterbook.engine.service_orders.field_work import parse_field_work
from meterbook.engine.service_orders.locates import parse_locates
from meterbook.engine.service_orders.rules import parse_service_orders
from meterbook.records.platform.deeds import Act, operation
from meterbook.records.platform.models import Approval, Deed, Document
from meterbook.records.platform.operations.approvals import request_approval
from meterbook.records.platform.operations.release_document import release_document, sha256_of
from meterbook.records.platform.roles import FINANCE, SUPERVISOR

KIND = "policy"
#: Policies with a reader of their own, by code: what it cannot read is refused here, not when it is first used.
READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "bill-register": parse_register,
    "adjustment-reasons": parse_reasons,
    "returned-payments": parse_returns,
    "agency-agreements": parse_agreements,
    "arrangements": parse_arrangements,
    "autopay": parse_autopay,
    "billing-calendar": parse_rules,
    "billing-fees": parse_fees,
    "leak-adjustment": parse_leak,
    "caller-verification": parse_caller,
    "contact-log": parse_contacts,
    "cases": parse_cases,
    "counter-rules": parse_counter,
    "counter-sales": parse_sales,
    "level-pay": parse_level_pay,
    "restore": parse_restore,
    "discounts": parse_discounts,
    "deposits": parse_deposits,
    "back-billing": parse_back_billing,
    "service-suspension": parse_suspension,
    "service-orders": parse_service_orders,
    "wholesale": parse_wholesale,
    "refunds": parse_refunds,
    "unclaimed-money": parse_dormancy,
    "rebates": parse_programmes,
    "payment-order": order_of,
    "receivable-limits": parse_limits,
    "gl-journal": parse_mapping,
    "service-fees": parse_service_fees,
    "field-work": parse_field_work,
    "locates": parse_locates,
    "development-charges": parse_development,
    "installation-costs": parse_installation,
    "moves": parse_moves,
}


class WrongPolicy(ValueError):
    """The text is not a policy: says the file, the field, what was found and what was expected."""


def parse_policy(text: str, *, file: str) -> dict[str, Any]:
    """Read a policy document; raise `WrongPolicy` at the first thing that is wrong."""
    try:
        found: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WrongPolicy(f"{file}: not YAML: {error}") from error
    if not isinstance(found, dict):
        raise WrongPolicy(f"{file}: found {type(found).__name__}, expected a mapping")
    for field, kind in (("policy", str), ("citation", str), ("effective", date)):
        if not isinstance(found.get(field), kind) or not found[field]:
            raise WrongPolicy(f"{file}: {field}: found {found.get(field)!r}, expected a {kind.__name__}")
    if reader := READERS.get(found["policy"]):
        try:
            reader(found)
        except ValueError as error:
            raise WrongPolicy(f"{file}: {error}") from error
    return found


@operation("platform.propose_policy", roles={SUPERVISOR, FINANCE})
def propose_policy(deed: Deed, *, text: str, file: str) -> Approval:
    """Ask a second person to approve a policy. Raises `WrongPolicy`."""
    found = parse_policy(text, file=file)
    preview = {"sha256": sha256_of(text), "policy": found["policy"], "effective": str(found["effective"])}
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    return request_approval(act, kind="platform.release_policy", subject=f"policy:{found['policy']}", preview=preview)


@operation("platform.release_policy", roles={SUPERVISOR, FINANCE})
def release_policy(deed: Deed, *, text: str, file: str, approval: Approval) -> Document:
    """Release an approved policy; from its effective date on it is the one in force. Raises `WrongPolicy`."""
    found = parse_policy(text, file=file)
    return release_document(
        Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=approval),
        kind=KIND,
        code=found["policy"],
        effective=found["effective"],
        citation=found["citation"],
        body=text,
        approval=approval,
    )
