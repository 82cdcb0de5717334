"""The words for the codes of cases."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, "str | Promise"]

CASES: dict[str, Words] = {
    "case_kind": {
        "complaint": _("Complaint"),
        "referral": _("Question to a department"),
        "revenue_protection": _("Revenue protection"),
    },
    "case_stands": {"open": pgettext_lazy("case", "Open"), "closed": pgettext_lazy("case", "Ended")},
    "case_step": {
        "taken": pgettext_lazy("case", "Case opened"),
        "noted": pgettext_lazy("case", "Note"),
        "attached": pgettext_lazy("case", "File attached"),
        "linked": pgettext_lazy("case", "Linked"),
        "handed_over": pgettext_lazy("case", "Handed over"),
        "taken_over": pgettext_lazy("case", "Taken over"),
        "escalated": pgettext_lazy("case", "Escalated"),
        "referred": pgettext_lazy("case", "Another department asked"),
        "closed": pgettext_lazy("case", "Answered and ended"),
        "reopened": pgettext_lazy("case", "Opened again"),
        "contested": pgettext_lazy("case", "Charges put in dispute"),
        "upheld": pgettext_lazy("case", "The customer was right"),
        "partly": pgettext_lazy("case", "The customer was right in part"),
        "rejected": pgettext_lazy("case", "The charges stand"),
        "appealed": pgettext_lazy("case", "Appealed"),
        "evidence": pgettext_lazy("case", "Evidence"),
        "estimated": pgettext_lazy("case", "Usage estimated"),
        "claim_asked": pgettext_lazy("case", "A charge was asked for"),
        "claim_approved": pgettext_lazy("case", "The charge was approved and booked"),
        "claim_refused": pgettext_lazy("case", "The charge was refused"),
        "account_named": pgettext_lazy("case", "Account named"),
    },
    "dispute_state": {
        "review": pgettext_lazy("dispute", "In review"),
        "rejected": pgettext_lazy("dispute", "Decided"),
        "appealed": pgettext_lazy("dispute", "Appealed"),
        "ended": pgettext_lazy("dispute", "Ended"),
    },
    "dispute_decision": {
        "upheld": _("The customer was right"),
        "partly": _("Right in part"),
        "rejected": _("The charges stand"),
    },
    "load_method": {
        "history": _("Usage of the time before"),
        "connected_load": _("What is connected, by hours"),
        "class_average": _("What alike premises used"),
    },
    "claim_state": {
        "asked": pgettext_lazy("claim", "Waits for a second person"),
        "charged": pgettext_lazy("claim", "Charged"),
        "refused": pgettext_lazy("claim", "Refused"),
    },
    "case_outcome_code": {
        "solved": pgettext_lazy("case", "Put right"),
        "explained": pgettext_lazy("case", "Explained"),
        "partly": pgettext_lazy("case", "Put right in part"),
        "referred": pgettext_lazy("case", "Referred to another office"),
        "withdrawn": pgettext_lazy("case", "Withdrawn"),
        "charged": pgettext_lazy("case", "Charged"),
        "no_finding": pgettext_lazy("case", "Nothing found"),
        "not_proven": pgettext_lazy("case", "Not proven"),
        "own_fault": pgettext_lazy("case", "Our own error"),
        "prosecuted": pgettext_lazy("case", "Handed to the city attorney"),
    },
    "case_link": {
        "bill": _("Bill"),
        "contact": _("Contact"),
        "order": _("Service order"),
        "adjustment": _("Adjustment"),
        "correction": _("Correction"),
        "payment": _("Payment"),
        "fee": _("Fee"),
        "case": _("Case"),
    },
}
#: What a state means for whoever reads it: good, waiting or stop.
STATES = {"review": "waiting", "appealed": "waiting", "ended": "off", "asked": "waiting"}
