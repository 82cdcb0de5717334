"""What contacts, callers and looks are called; reasons come from the policy contact-log, and these beside them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Reasons other areas log contacts with.
REASONS: dict[str, str | Promise] = {
    "letter_sent": _("Letter sent"),
    "notice_given": _("Notice given"),
    "complaint": _("Complaint"),
    "move": _("Move in or out"),
    "arrangement": _("Arrangement"),
    "promise": _("Promise to pay"),
    "field": _("Field work"),
    "survey": _("Survey"),
    "other": _("Something else"),
}
CONTACTS: dict[str, dict[str, str | Promise]] = {
    "contact_channel": {
        "call": pgettext_lazy("contact", "Call"),
        "visit": pgettext_lazy("contact", "Visit"),
        "email": _("E-mail"),
        "letter": _("Letter"),
        "text": _("Text message"),
        "post": _("Posted or hung on the door"),
    },
    "contact_direction": {
        "in": pgettext_lazy("contact", "From the customer"),
        "out": pgettext_lazy("contact", "To the customer"),
    },
    "contact_reason": REASONS,
    "caller_part": {
        "holder": _("Holder"),
        "co_holder": _("Co-holder"),
        "owner": _("Owner of the property"),
        "third_party": _("Third party to be told"),
        "authorised": _("Authorised person"),
        "other": _("Somebody else"),
    },
    "caller_may": {
        "told": _("may be told everything"),
        "service_status": _("may be told whether service is on and in good standing, no amounts"),
        "change": _("may change the account"),
        "notices": _("gets copies of notices"),
    },
    "verification": {
        "verified": pgettext_lazy("caller", "Verified"),
        "refused": pgettext_lazy("caller", "Not verified"),
        "without": pgettext_lazy("caller", "Opened without"),
    },
    "looked_page": {
        "account": _("Account"),
        "timeline": _("Timeline"),
        "account_entries": _("Ledger entries"),
        "account_statement": _("Statement of account"),
        "receivable": _("What is owed, item by item"),
        "account_papers": _("Documents"),
        "account_paper": _("Documents"),
        "change_person": _("Name, phone, e-mail, language"),
        "change_mailing": _("Mailing address"),
        "verify_caller": _("Verify the caller"),
        "open_data": _("Open the data without asking"),
        "log_contact": _("Log a contact"),
        "contact": _("Contact"),
        "bill": _("Bill"),
        "": _("Another page of the account"),
    },
    "happening": {
        "bill": pgettext_lazy("timeline", "Bills"),
        "money": pgettext_lazy("timeline", "Payments and ledger"),
        "read": pgettext_lazy("timeline", "Reads"),
        "contact": pgettext_lazy("timeline", "Contacts"),
        "person": pgettext_lazy("timeline", "People and alerts"),
        "service": pgettext_lazy("timeline", "Services and moves"),
        "field": pgettext_lazy("timeline", "Field work"),
        "case": pgettext_lazy("timeline", "Cases"),
        "arrangement": pgettext_lazy("timeline", "Arrangements"),
        "program": pgettext_lazy("timeline", "Programs"),
        "letter": pgettext_lazy("timeline", "Letters"),
        "document": pgettext_lazy("timeline", "Documents"),
        "deed": pgettext_lazy("timeline", "Other deeds"),
    },
}
