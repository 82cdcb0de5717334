"""The words each area brings for its own codes, and which of their codes are good, waiting or stopped."""

from __future__ import annotations

from django.utils.functional import Promise

from meterbook.records.autopay.words import STATES as AUTOPAY_STATES
from meterbook.records.autopay.words import VOCABULARIES as AUTOPAY
from meterbook.records.contacts.words import CONTACTS
from meterbook.records.customers.people.words import PEOPLE
from meterbook.records.ledger.arrangements.words import ARRANGEMENTS
from meterbook.records.ledger.arrangements.words import STATES as AGREED
from meterbook.records.online.words import ONLINE
from meterbook.records.payments.words import MONEY
from meterbook.records.programs.words import VOCABULARIES as PROGRAMS
from meterbook.records.refunds.words import REFUNDS
from meterbook.records.refunds.words import STATES as REFUND_STATES
from meterbook.records.security.words import SECURITY
from meterbook.records.tasks.words import STATES as TASK_STATES
from meterbook.records.tasks.words import VOCABULARIES as TASKS

#: Vocabularies of the areas by name; one line an area.
VOCABULARIES: dict[str, dict[str, str | Promise]] = {
    **PROGRAMS,
    **(MONEY | ONLINE),
    **REFUNDS,
    **SECURITY,
    **AUTOPAY,
    **ARRANGEMENTS,
    **TASKS,
    **CONTACTS,
    **PEOPLE,
}
#: What a code says by its colour and shape: good, waiting, stop or off; one line an area.
STATES: dict[str, str] = {
    **REFUND_STATES,
    **AUTOPAY_STATES,
    **AGREED,
    **TASK_STATES,
    "verified": "good",
    "without": "waiting",
}
