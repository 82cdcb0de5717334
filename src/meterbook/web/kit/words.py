"""The field's own words for the codes on record, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.roles import TITLES

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
    "rates.release_tariff": _("Release a tariff"),
    "ledger.adopt_chart": _("Adopt a chart of accounts"),
    "platform.release_policy": _("Release a policy"),
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
ENTRY_SOURCE: Words = {
    "bill": _("Bill"),
    "payment": _("Payment"),
    "allocation": _("Payment applied to charges"),
    "reversal": _("Reversal"),
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
}
PROTECTION: Words = {
    "medical_baseline": _("Medical baseline"),
    "life_support": _("Life support"),
    "appeal": _("Appeal pending"),
    "bankruptcy_stay": _("Bankruptcy stay"),
    "military_service": _("Military service"),
}
CHANNEL: Words = {
    "lockbox": _("Lockbox"),
    "counter": _("Counter"),
}
REGISTER: Words = {
    "delivered": _("Delivered"),
    "received": _("Received"),
    "high_flow": _("High flow"),
    "low_flow": _("Low flow"),
}
LANGUAGE: Words = {"en": _("English"), "es": _("Spanish")}
HOLD_REASON: Words = {
    "missing_read": _("No closing read"),
    "usage_gap": _("Reads do not cover the period"),
    "usage_exception": _("Two reads make no believable usage"),
    "wrong_unit": _("The meter's unit is not the tariff's"),
    "missing_fact": _("A fact the tariff needs is missing"),
    "tariff_not_in_force": _("The tariff is not in force yet"),
    "period_too_long": _("Too long since the last bill"),
    "explanation_differs": _("Price and explanation differ"),
    "other_service_held": _("Waits for another service of the account"),
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
#: What a printed rate is per, where that is a word and not a unit.
PER: Words = {
    "period": _("billing period"),
    "month": _("month"),
    "day": _("day"),
    "each": _("each"),
    "lamp": _("lamp"),
    "cart": _("cart"),
}
VOCABULARIES: dict[str, Words] = {
    "commodity": COMMODITY,
    "run_status": RUN_STATUS,
    "approval_status": APPROVAL_STATUS,
    "approval_kind": APPROVAL_KIND,
    "draft_status": DRAFT_STATUS,
    "outcome": OUTCOME,
    "entry_source": ENTRY_SOURCE,
    "premise_class": PREMISE_CLASS,
    "connection": CONNECTION,
    "part": PART,
    "protection": PROTECTION,
    "channel": CHANNEL,
    "register": REGISTER,
    "language": LANGUAGE,
    "hold_reason": HOLD_REASON,
    "determinant": DETERMINANT,
    "role": dict(TITLES),
    "problem": PROBLEM,
}
#: What a status means for whoever reads it: good, waiting or stop. Always said in words too.
STATE = {
    "planned": "waiting",
    "calculated": "waiting",
    "posted": "good",
    "cancelled": "off",
    "pending": "waiting",
    "approved": "good",
    "refused": "stop",
    "withdrawn": "off",
    "draft": "waiting",
    "submitted": "waiting",
    "released": "good",
    "billed": "good",
    "held": "stop",
    "not_due": "off",
    "inactive": "off",
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
