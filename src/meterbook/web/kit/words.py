"""The field's own words for the codes on record, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.roles import TITLES
from meterbook.records.security.words import SECURITY
from meterbook.web.kit.vocabulary.areas import STATES
from meterbook.web.kit.vocabulary.areas import VOCABULARIES as AREAS

Words = dict[str, "str | Promise"]

COMMODITY: Words = {
    "electricity": _("Electricity"),
    "water": _("Water"),
    "sewer": _("Sewer"),
    "refuse": _("Refuse"),
    "stormwater": _("Stormwater"),
    "street_lights": _("Street lights"),
    "": _("Not tied to a service"),
}
RUN_STATUS: Words = {
    "planned": pgettext_lazy("bill run", "Planned"),
    "calculated": pgettext_lazy("bill run", "Calculated"),
    "posted": pgettext_lazy("bill run", "Posted"),
    "cancelled": pgettext_lazy("bill run", "Cancelled"),
}
APPROVAL_STATUS: Words = {
    "pending": pgettext_lazy("approval", "Waiting"),
    "approved": pgettext_lazy("approval", "Approved"),
    "refused": pgettext_lazy("approval", "Refused"),
    "withdrawn": pgettext_lazy("approval", "Withdrawn"),
}
APPROVAL_KIND: Words = {
    "billing.post_run": _("Post a bill run"),
    **SECURITY["security_kind"],
    "rates.release_tariff": _("Release a tariff"),
    "ledger.adopt_chart": _("Adopt a chart of accounts"),
    "adjustments.decide": _("Adjust an account"),
    "refunds.decide": _("Refund a credit"),
    "refunds.decide_small": _("Write down small balances"),
    "refunds.decide_claim": _("Pay unclaimed money to its owner"),
    "refunds.take_over": _("Take over unclaimed money"),
    "refunds.decide_rebate": _("Grant a rebate"),
    "payments.decide_change": _("Change money on the books"),
    "agencies.decide_remittance": _("Hand money to an agency"),
    "platform.release_policy": _("Release a policy"),
    "platform.decide_role": _("Give or take a role"),
    "metering.accept_read": _("Accept a read"),
    "corrections.post_case": _("Post a correction"),
    "cases.decide_claim": _("Charge unauthorised use"),
    "registers.decide_destruction": _("Destroy old files"),
    "programs.apply_winter_reset": _("Put winter averages in force"),
}
DRAFT_STATUS: Words = {
    "draft": pgettext_lazy("rate draft", "Being written"),
    "submitted": pgettext_lazy("rate draft", "In review"),
    "released": pgettext_lazy("rate draft", "Released"),
    "withdrawn": pgettext_lazy("rate draft", "Withdrawn"),
}
OUTCOME: Words = {
    "billed": pgettext_lazy("completeness", "Billed"),
    "held": pgettext_lazy("completeness", "Held"),
    "not_due": pgettext_lazy("completeness", "Not due"),
    "inactive": pgettext_lazy("completeness", "Inactive"),
}
PREMISE_CLASS: Words = {
    "residential": _("Residential"),
    "commercial": _("Commercial"),
    "municipal": _("Municipal"),
}
CONNECTION: Words = {
    "metered": _("Metered"),
    "parcel": _("Parcel connection"),
    "inventory": _("Inventory item"),
}
PART: Words = {
    "co_holder": _("Co-holder"),
    "owner": pgettext_lazy("part", "Owner"),
    "third_party": _("Third party to be told"),
    "authorised": _("Authorised person"),
}
PROTECTION: Words = {
    "medical_baseline": _("Medical baseline"),
    "life_support": _("Life support"),
    "appeal": _("Appeal pending"),
    "bankruptcy_stay": _("Bankruptcy stay"),
    "military_service": _("Military service"),
    "dispute": _("Charges in dispute"),
}
REGISTER: Words = {
    "delivered": _("Delivered"),
    "received": _("Received"),
    "high_flow": _("High flow"),
    "low_flow": _("Low flow"),
}
METER_STATE: Words = {
    "received": pgettext_lazy("meter", "Received"),
    "tested": pgettext_lazy("meter", "Tested"),
    "in_stock": pgettext_lazy("meter", "In stock"),
    "installed": pgettext_lazy("meter", "Installed"),
    "removed": pgettext_lazy("meter", "Taken down"),
    "refurbished": pgettext_lazy("meter", "Refurbished"),
    "retired": pgettext_lazy("meter", "Retired"),
}
TEST_KIND: Words = {"factory": _("At the factory"), "as_found": _("As found"), "as_left": _("As left")}
BENCH_POINT: Words = {
    "minimum": _("Minimum flow"),
    "intermediate": _("Intermediate flow"),
    "maximum": _("Maximum flow"),
    "light_load": _("Light load"),
    "full_load": _("Full load"),
    "power_factor": _("Half power factor"),
    "average": _("Weighted average"),
}
SEAL_KIND: Words = {"seal": _("Seal"), "lock": _("Lock")}
ROUTE_KIND: Words = {
    "walk": pgettext_lazy("route", "Walked"),
    "drive_by": pgettext_lazy("route", "Driven by"),
    "ami": pgettext_lazy("route", "Read by AMI"),
    "manual": pgettext_lazy("route", "By hand (opt-outs)"),
}
CASE_STATE: Words = {
    "draft": pgettext_lazy("correction", "Opened"),
    "calculated": pgettext_lazy("correction", "Calculated"),
    "requested": pgettext_lazy("correction", "Waits for approval"),
    "approved": pgettext_lazy("correction", "Approved"),
    "posted": pgettext_lazy("correction", "Posted"),
    "withdrawn": pgettext_lazy("correction", "Withdrawn"),
}
CASE_OUTCOME: Words = {
    "waiting": pgettext_lazy("correction", "Not calculated"),
    "corrected": pgettext_lazy("correction", "Billed again"),
    "cancelled": pgettext_lazy("correction", "Taken back"),
    "charged": pgettext_lazy("correction", "Charged to this account"),
    "unchanged": pgettext_lazy("correction", "Stays as it is"),
    "outside": pgettext_lazy("correction", "Outside the limit"),
    "held": pgettext_lazy("correction", "Cannot be billed again"),
}
CASE_SCOPE: Words = {
    "bills": _("Bills"),
    "run": _("A bill run"),
    "agreement": _("One service"),
    "account": _("An account"),
    "usage": _("Usage"),
}
LANGUAGE: Words = {"en": _("English"), "es": _("Spanish")}
HOLD_REASON: Words = {
    "missing_read": _("No closing read"),
    "usage_gap": _("Reads do not cover the period"),
    "usage_exception": _("Two reads make no believable usage"),
    "wrong_unit": _("The meter's unit is not the tariff's"),
    "missing_fact": _("A fact the tariff needs is missing"),
    "bank_unsettled": _("An earlier solar period must be rated again first"),
    "tariff_not_in_force": _("The tariff is not in force yet"),
    "period_too_long": _("Too long since the last bill"),
    "explanation_differs": _("Price and explanation differ"),
    "other_service_held": _("Waits for another service of the account"),
    "held_by_hand": _("Held by hand"),
    "delayed": _("Put off to a day"),
    "implausible": _("The figures cannot be right"),
    "other_run": _("In another run that is not posted"),
    "meters_apart": _("The two meters of a delivery are too far apart"),
}
BILL_KIND: Words = {
    "cycle": _("Cycle bill"),
    "first": _("First bill"),
    "final": _("Final bill"),
    "closing": _("Closing bill"),
    "off_cycle": _("Off-cycle bill"),
    "corrected": _("Corrected bill"),
    "statement": _("Statement"),
    "wholesale": _("Wholesale bill"),
}
MARK_EFFECT: Words = {
    "hold": pgettext_lazy("register", "Holds the bill"),
    "cleared": pgettext_lazy("register", "Let through"),
    "show": pgettext_lazy("register", "To look at"),
}
DETERMINANT: Words = {
    "usage": _("Usage"),
    "meter_size": _("Meter size"),
    "winter_average": _("Winter average"),
    "dwelling_units": _("Dwelling units"),
    "impervious_sqft": _("Hard surface"),
    "carts": _("Carts"),
    "cart_size": _("Cart size"),
    "bin_size": _("Bin size"),
    "pickups_per_week": _("Pickups a week"),
    "lamps": _("Lamps"),
    "lamp_type": _("Lamp type"),
}
PROBLEM: Words = {
    "rollover_implausible": _("The read is lower than the one before, and no rollover explains it"),
}
EXCEPTION_STATE: Words = {
    "open": pgettext_lazy("exception", "Open"),
    "waiting": pgettext_lazy("exception", "Waits for the field"),
    "resolved": pgettext_lazy("exception", "Decided"),
}
RESOLUTION: Words = {
    "accepted": pgettext_lazy("read", "Accepted"),
    "corrected": pgettext_lazy("read", "Corrected"),
    "estimated": pgettext_lazy("read", "Estimated"),
    "rejected": pgettext_lazy("read", "Rejected"),
    "passed": pgettext_lazy("read", "No longer missing"),
}
EXCEPTION_SOURCE: Words = {
    "rules": _("Validation rules"),
    "mdm": _("Another system"),
    "person": _("A person"),
}
READ_STATUS: Words = {
    "accepted": pgettext_lazy("read", "Accepted"),
    "queued": pgettext_lazy("read", "In question"),
    "rejected": pgettext_lazy("read", "Rejected"),
    "superseded": pgettext_lazy("read", "Replaced"),
}
READ_ORIGIN: Words = {
    "file": _("Read file"),
    "keyed": _("Keyed in"),
    "edited": _("Corrected by hand"),
    "estimated": pgettext_lazy("read", "Estimated"),
    "head_end": _("Asked of the meter"),
    "mdm": _("Another system"),
}
FIELD_KIND: Words = {
    "re_read": _("Re-read"),
    "check_meter": _("Check of the meter"),
    "non_communicating": _("Meter does not report"),
    "estimate_limit": _("Estimated too often"),
    "leak": _("Leak"),
    "location": _("Location of the meter"),
}
FIELD_STATE: Words = {
    "flagged": pgettext_lazy("field request", "Asked for"),
    "approved": pgettext_lazy("field request", "Approved"),
    "dispatched": pgettext_lazy("field request", "Sent out"),
    "read": pgettext_lazy("field request", "Read"),
    "no_access": pgettext_lazy("field request", "No access"),
    "confirmed": pgettext_lazy("field request", "Confirmed"),
    "corrected": pgettext_lazy("field request", "Corrected"),
    "closed": pgettext_lazy("field request", "Closed"),
}
ALERT_KIND: Words = {
    "metering.leak_suspected": _("Flow that never stops"),
    "metering.high_usage_seen": _("High usage"),
}
#: Deeds of the exception queue, as its history tells them.
QUEUE_DEED: Words = {
    "metering.accept_read": pgettext_lazy("history", "Accepted"),
    "metering.request_acceptance": pgettext_lazy("history", "Asked a second person"),
    "metering.correct_read": pgettext_lazy("history", "Corrected"),
    "metering.estimate_read": pgettext_lazy("history", "Estimated"),
    "metering.reject_read": pgettext_lazy("history", "Rejected"),
    "metering.pass_read": pgettext_lazy("history", "No read is due"),
    "metering.request_re_read": pgettext_lazy("history", "Asked for a re-read"),
    "metering.request_check": pgettext_lazy("history", "Asked for a check of the meter"),
    "metering.note_exception": pgettext_lazy("history", "Note"),
    "metering.take_exception": pgettext_lazy("history", "Taken"),
    "metering.release_exception": pgettext_lazy("history", "Given back"),
    "metering.assign_exception": pgettext_lazy("history", "Assigned"),
    "metering.question_read": pgettext_lazy("history", "Put in question"),
    "metering.import_reads": pgettext_lazy("history", "Held when the file was read"),
}
RUN_READY: Words = {
    "ready": pgettext_lazy("readiness", "Ready"),
    "look": pgettext_lazy("readiness", "To be checked"),
    "stop": pgettext_lazy("readiness", "Not ready"),
}
#: What a row behind a readiness count is; reasons of holds and facts are said by their own words.
READINESS: Words = {
    "no_read": _("No read in the window"),
    "open": _("Waits in the exception queue"),
    "waiting": _("Waits for the field"),
    "moves_in": _("Moves in"),
    "moves_out": _("Moves out"),
    "meter_hung": _("Meter hung"),
    "meter_removed": _("Meter taken down"),
    "rate_begins": _("Rates take effect"),
    "read_opens": _("Reads from"),
    "read": _("Read"),
    "read_closes": _("Reads until"),
    "due": _("Due"),
    "not_in_calendar": _("No bill date of the published calendar"),
    "no_calendar": _("No calendar is published for the year"),
    **HOLD_REASON,
    **DETERMINANT,
}
RUN_TOTAL: Words = {
    "bills": _("Bills"),
    "segments": _("Services billed"),
    "lines": _("Lines"),
    "entries": _("Ledger transfers"),
    "previous": _("Previous balances"),
    "payments": _("Payments"),
    "adjustments": _("Adjustments"),
    "due": _("Amount due"),
    "held_points": _("Points held"),
    "held_accounts": _("Accounts held"),
    "service": _("Charges by service"),
    "points_all": _("Service points"),
    "points_billed": _("Service points billed"),
    "points_held": _("Service points held"),
    "points_not_due": _("Service points not due"),
    "points_inactive": _("Service points inactive"),
}
SEGMENT_KIND: Words = {"charge": _("Charge"), "reversal": _("Taken back")}
DELAY: Words = {"billed_late": _("Billed late"), "put_off": _("Put off")}
CONNECT: Words = {
    "held": pgettext_lazy("completeness", "Held"),
    "not_due_yet": _("Not due yet"),
    "nobody_served": _("Meter hung, nobody served"),
}
#: Deeds on a bill run, as its log tells them.
RUN_DEED: Words = {
    "billing.plan_run": pgettext_lazy("history", "Plan made"),
    "billing.start_calculation": pgettext_lazy("history", "Calculation started"),
    "billing.pause_run": pgettext_lazy("history", "Paused"),
    "billing.resume_run": pgettext_lazy("history", "Went on"),
    "billing.restart_run": pgettext_lazy("history", "Started again"),
    "billing.seal_run": pgettext_lazy("history", "Calculated and sealed"),
    "billing.recalculate_run": pgettext_lazy("history", "Taken back, to be done again"),
    "billing.request_posting": pgettext_lazy("history", "Approval asked for"),
    "platform.decide_approval": pgettext_lazy("history", "Approval decided"),
    "billing.post_run": pgettext_lazy("history", "Posted to the books"),
    "billing.cancel_run": pgettext_lazy("history", "Cancelled"),
    "billing.keep_reports": pgettext_lazy("history", "Reports kept"),
    "billing.hand_off": pgettext_lazy("history", "Handed to the printer"),
    "billing.restart_print": pgettext_lazy("history", "Printed again"),
    "billing.close_run": pgettext_lazy("history", "Closed"),
}
#: What a printed rate is per, where that is a word and not a unit.
PER: Words = {
    "period": _("billing period"),
    "month": _("month"),
    "day": _("day"),
    "each": _("each"),
    "lamp": _("lamp"),
    "cart": _("cart"),
}
COMPARED: Words = {
    "equal": pgettext_lazy("bills compared", "Equal"),
    "explained": pgettext_lazy("bills compared", "Explained"),
    "unexplained": pgettext_lazy("bills compared", "Unexplained"),
}
VOCABULARIES: dict[str, Words] = {
    "compared": COMPARED,
    "commodity": COMMODITY,
    "run_status": RUN_STATUS,
    "approval_status": APPROVAL_STATUS,
    "approval_kind": APPROVAL_KIND,
    "draft_status": DRAFT_STATUS,
    "outcome": OUTCOME,
    "premise_class": PREMISE_CLASS,
    "connection": CONNECTION,
    "part": PART,
    "protection": PROTECTION,
    "register": REGISTER,
    "language": LANGUAGE,
    "meter_state": METER_STATE,
    "test_kind": TEST_KIND,
    "bench_point": BENCH_POINT,
    "seal_kind": SEAL_KIND,
    "route_kind": ROUTE_KIND,
    "hold_reason": HOLD_REASON,
    **AREAS,
    "bill_kind": BILL_KIND,
    "case_state": CASE_STATE,
    "case_outcome": CASE_OUTCOME,
    "case_scope": CASE_SCOPE,
    "mark_effect": MARK_EFFECT,
    "determinant": DETERMINANT,
    "role": dict(TITLES),
    "problem": PROBLEM,
    "exception_state": EXCEPTION_STATE,
    "resolution": RESOLUTION,
    "read_action": EXCEPTION_STATE | RESOLUTION,
    "exception_source": EXCEPTION_SOURCE,
    "read_status": READ_STATUS,
    "read_origin": READ_ORIGIN,
    "field_kind": FIELD_KIND,
    "field_state": FIELD_STATE,
    "alert_kind": ALERT_KIND,
    "queue_deed": QUEUE_DEED,
    "run_ready": RUN_READY,
    "readiness": READINESS,
    "run_total": RUN_TOTAL,
    "segment_kind": SEGMENT_KIND,
    "delay": DELAY,
    "connect": CONNECT,
    "run_deed": RUN_DEED,
}
#: What a status means for whoever reads it: good, waiting or stop. Always said in words too.
STATE = {
    **STATES,
    "valid": "good",
    "over": "stop",
    "to_come": "off",
    "paid": "good",
    "hold": "stop",
    "cleared": "good",
    "show": "off",
    "ready": "good",
    "look": "waiting",
    "stop": "stop",
    "planned": "waiting",
    "proposed": "waiting",
    "booked": "good",
    "done": "good",
    "calculated": "waiting",
    "posted": "good",
    "cancelled": "off",
    "pending": "waiting",
    "waits": "waiting",
    "sent": "good",
    "agreed": "good",
    "approved": "good",
    "refused": "stop",
    "withdrawn": "off",
    "draft": "waiting",
    "submitted": "waiting",
    "released": "good",
    "open": "off",
    "waiting": "waiting",
    "resolved": "good",
    "accepted": "good",
    "queued": "waiting",
    "rejected": "stop",
    "superseded": "off",
    "billed": "good",
    "held": "stop",
    "not_due": "off",
    "inactive": "off",
    "received": "waiting",
    "tested": "waiting",
    "in_stock": "good",
    "installed": "good",
    "removed": "waiting",
    "refurbished": "waiting",
    "retired": "off",
    "flagged": "waiting",
    "dispatched": "waiting",
    "read": "waiting",
    "no_access": "stop",
    "confirmed": "good",
    "corrected": "good",
    "charged": "good",
    "unchanged": "off",
    "outside": "waiting",
    "requested": "waiting",
    "closed": "off",
    "counted": "waiting",
    "equal": "good",
    "applied": "good",
    "explained": "waiting",
    "unexplained": "stop",
}


def say(vocabulary: str, code: str) -> str:
    """The words for a code; a code nobody named yet is shown as plain words rather than hidden."""
    found = VOCABULARIES[vocabulary].get(code)
    return str(found) if found is not None else code.replace("_", " ").capitalize()


def days_old(days: int) -> str:
    """An age in words: today, 1 day, 12 days."""
    if days <= 0:
        return gettext("today")
    return gettext("1 day") if days == 1 else gettext("%(days)d days") % {"days": days}


def lasting(seconds: int) -> str:
    """A duration in words: 40 seconds, 3 minutes."""
    if seconds < 90:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
