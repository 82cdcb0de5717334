"""The words each area brings for its own codes, and which of their codes are good, waiting or stopped."""

from __future__ import annotations

from django.utils.functional import Promise

from meterbook.records.autopay.words import STATES as AUTOPAY_STATES
from meterbook.records.autopay.words import VOCABULARIES as AUTOPAY
from meterbook.records.cases.words import CASES
from meterbook.records.cases.words import STATES as CASE_STATES
from meterbook.records.contacts.words import CONTACTS
from meterbook.records.customers.people.words import PEOPLE
from meterbook.records.ledger.arrangements.words import ARRANGEMENTS
from meterbook.records.ledger.arrangements.words import STATES as AGREED
from meterbook.records.moves.words import MOVES
from meterbook.records.new_service.words import STATES as NEW_STATES
from meterbook.records.new_service.words import VOCABULARIES as NEW_SERVICE
from meterbook.records.online.words import ONLINE
from meterbook.records.payments.words import MONEY
from meterbook.records.platform.words import STATES as PLATFORM_STATES
from meterbook.records.platform.words import VOCABULARIES as PLATFORM
from meterbook.records.programs.words import VOCABULARIES as PROGRAMS
from meterbook.records.refunds.words import REFUNDS
from meterbook.records.refunds.words import STATES as REFUND_STATES
from meterbook.records.registers.words import REGISTERS
from meterbook.records.security.words import SECURITY
from meterbook.records.service_orders.locates.words import STATES as LOCATE_STATES
from meterbook.records.service_orders.locates.words import VOCABULARIES as LOCATES
from meterbook.records.service_orders.words import ORDERS
from meterbook.records.service_orders.words import STATES as ORDER_STATES
from meterbook.records.tasks.words import STATES as TASK_STATES
from meterbook.records.tasks.words import VOCABULARIES as TASKS

#: Vocabularies of the areas by name; one line an area.
VOCABULARIES: dict[str, dict[str, str | Promise]] = {
    **PROGRAMS,
    **(MONEY | ONLINE),
    **REFUNDS,
    **SECURITY,
    **ORDERS,
    **LOCATES,
    **AUTOPAY,
    **ARRANGEMENTS,
    **TASKS,
    **PLATFORM,
    **CONTACTS,
    **CASES,
    **REGISTERS,
    **PEOPLE,
    **MOVES,
    **NEW_SERVICE,
}
#: What a code says by its colour and shape: good, waiting, stop or off; one line an area.
STATES: dict[str, str] = {
    **REFUND_STATES,
    **AUTOPAY_STATES,
    **AGREED,
    **TASK_STATES,
    **ORDER_STATES,
    **LOCATE_STATES,
    **PLATFORM_STATES,
    **CASE_STATES,
    **NEW_STATES,
    "verified": "good",
    "without": "waiting",
}
