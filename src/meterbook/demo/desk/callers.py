"""Who called in Alder Bend lately, who may talk about which account, and what to know before one rings the bell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from meterbook.records.contacts.operations.log import log
from meterbook.records.customers.people.operations.alerts import raise_alert
from meterbook.records.customers.people.operations.parts import add_part
from meterbook.records.customers.queries import account_numbered
from meterbook.records.platform.deeds import Act

if TYPE_CHECKING:
    from meterbook.demo.stories import Staff

#: Account, days ago, channel, reason of the policy contact-log, what was said, days until it is followed up.
_CALLS = (
    ("1000017", 2, "call", "high_bill", "Asked why the bill is so high. Explained usage beside last year and the rate. "
     "She checks the toilet for a leak.", 12),
    ("1000041", 1, "call", "more_time", "Asked for more time until payday. Told what is possible.", 6),
    ("1000058", 9, "visit", "aid", "Brought the renewed certificate of her physician. Copied it.", None),
    ("1000033", 5, "email", "other", "Asks what his panels sent out in August. Sent the statement.", None),
    ("1000082", 3, "call", "leak", "Says nobody read his meter. Told that a reader comes again.", 4),
)  # fmt: skip
#: Account, kind, words.
_ALERTS = (
    ("1000041", "dog", "Two dogs in the yard; ring first"),
    ("1000066", "interpreter", "Vietnamese; her son Minh helps"),
    ("1000157", "gate", "Code from the guard at the ramp"),
    ("1000132", "confidential_address", ""),
)
#: Account, name, phone, part, what it rests on.
_PARTS = (
    ("1000066", "Minh Tran", "(555) 555-0181", "authorised", "Her letter of 3 March"),
    ("1000058", "County Aid Office", "(555) 555-0190", "third_party", "Form of the aid office"),
    ("1000033", "Adaeze Okafor", "(555) 555-0172", "co_holder", "Both signed at the counter"),
)


def take_calls(staff: Staff, on: date) -> int:
    """Log the calls, put the alerts and the people on record; returns how many contacts there are."""
    for number, ago, channel, reason, words, after in _CALLS:
        act = Act(actor=staff["csr"], business_date=on, reason="")
        log(
            act, account=account_numbered(number), channel=channel, direction="in", reason=reason, words=words,
            happened_on=on - timedelta(days=ago), follow_up_on=on + timedelta(days=after) if after else None,
        )  # fmt: skip
    for number, kind, words in _ALERTS:
        raise_alert(
            Act(actor=staff["csr"], business_date=on), account=account_numbered(number), kind=kind, words=words,
            starts=on,
        )  # fmt: skip
    for number, name, phone, part, rests_on in _PARTS:
        act = Act(actor=staff["csr"], business_date=on, reason=rests_on)
        add_part(act, account=account_numbered(number), name=name, phone=phone, part=part, starts=on)
    return len(_CALLS)
