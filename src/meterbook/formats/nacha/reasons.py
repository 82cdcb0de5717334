"""Why an entry came back (R-codes) and what a bank wants changed (C-codes), with the words for them.

What a utility *does* about a code (present it again, stop, charge a fee) is policy and lives elsewhere; what the
network itself says of it stands here: its family, and which rate the network counts it under.

>>> RETURN_REASONS["R01"].title, RETURN_REASONS["R01"].family, RETURN_REASONS["R10"].counted
('Insufficient funds', 'funds', 'unauthorized')
>>> CHANGE_REASONS["C03"].corrects
('routing', 'account')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from meterbook.engine.trace import N_

Family = Literal["funds", "account", "authorization", "stop", "person", "bank", "form", "dishonored", "international"]
Counted = Literal["", "administrative", "unauthorized"]
Corrected = Literal["routing", "account", "transaction code", "name", "identification"]


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """`title` in English, marked for translation. `family` groups codes that mean alike for trying again:

    `funds` (R01, R09) may be presented again within the network's limits; `account`, `authorization`, `stop` and
    `person` may not without something new from the customer; `bank` and `form` are between banks and us.
    `counted`: under which of the network's rates for the originator the return counts, besides the overall rate.
    """

    code: str
    title: str
    family: Family
    counted: Counted = ""


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """`corrects` names what the corrected data hold; nothing for the codes by which a change is refused."""

    code: str
    title: str
    corrects: tuple[Corrected, ...] = ()

    @property
    def refused(self) -> bool:
        return self.code >= "C61"


_RETURNS = (
    ReturnReason("R01", N_("Insufficient funds"), "funds"),
    ReturnReason("R02", N_("Account closed"), "account", "administrative"),
    ReturnReason("R03", N_("No account, or unable to locate it"), "account", "administrative"),
    ReturnReason("R04", N_("Invalid account number"), "account", "administrative"),
    ReturnReason("R05", N_("Business debit to a consumer account, not authorized"), "authorization", "unauthorized"),
    ReturnReason("R06", N_("Returned at our bank's request"), "bank"),
    ReturnReason("R07", N_("Authorization revoked by the customer"), "authorization", "unauthorized"),
    ReturnReason("R08", N_("Payment stopped"), "stop"),
    ReturnReason("R09", N_("Uncollected funds"), "funds"),
    ReturnReason(
        "R10", N_("Customer does not know us or did not authorize the debit"), "authorization", "unauthorized"
    ),
    ReturnReason("R11", N_("Debit not in accordance with the authorization"), "authorization", "unauthorized"),
    ReturnReason("R12", N_("Branch sold to another bank"), "account"),
    ReturnReason("R13", N_("Bank does not take part in the network"), "account"),
    ReturnReason("R14", N_("Representative payee deceased or unable to continue"), "person"),
    ReturnReason("R15", N_("Account holder or beneficiary deceased"), "person"),
    ReturnReason("R16", N_("Account frozen, or returned by government order"), "account"),
    ReturnReason("R17", N_("Not processable, or sent under questionable circumstances"), "form"),
    ReturnReason("R18", N_("Improper effective entry date"), "form"),
    ReturnReason("R19", N_("Amount field error"), "form"),
    ReturnReason("R20", N_("Account that does not allow such payments"), "account"),
    ReturnReason("R21", N_("Invalid company identification"), "form"),
    ReturnReason("R22", N_("Invalid individual identification number"), "form"),
    ReturnReason("R23", N_("Credit refused by the receiver"), "stop"),
    ReturnReason("R24", N_("Duplicate entry"), "form"),
    ReturnReason("R25", N_("Addenda error"), "form"),
    ReturnReason("R26", N_("Mandatory field error"), "form"),
    ReturnReason("R27", N_("Trace number error"), "form"),
    ReturnReason("R28", N_("Routing number check digit error"), "form"),
    ReturnReason("R29", N_("Business customer did not authorize the debit"), "authorization", "unauthorized"),
    ReturnReason("R30", N_("Bank does not take part in check truncation"), "bank"),
    ReturnReason("R31", N_("Return our bank agreed to accept"), "bank"),
    ReturnReason("R32", N_("Bank unable to settle"), "bank"),
    ReturnReason("R33", N_("Destroyed-check entry returned"), "bank"),
    ReturnReason("R34", N_("Bank's participation limited by its supervisor"), "bank"),
    ReturnReason("R35", N_("Improper debit entry"), "form"),
    ReturnReason("R36", N_("Improper credit entry"), "form"),
    ReturnReason("R37", N_("The check itself was presented for payment"), "form"),
    ReturnReason("R38", N_("Payment stopped on the check"), "stop"),
    ReturnReason("R39", N_("Improper source document, or it was presented"), "form"),
    ReturnReason("R40", N_("Enrollment returned by a federal agency"), "bank"),
    ReturnReason("R41", N_("Enrollment: invalid transaction code"), "form"),
    ReturnReason("R42", N_("Enrollment: routing number error"), "form"),
    ReturnReason("R43", N_("Enrollment: invalid account number"), "form"),
    ReturnReason("R44", N_("Enrollment: invalid identification number"), "form"),
    ReturnReason("R45", N_("Enrollment: invalid name"), "form"),
    ReturnReason("R46", N_("Enrollment: invalid representative payee"), "form"),
    ReturnReason("R47", N_("Enrollment: duplicate"), "form"),
    ReturnReason("R50", N_("State law does not allow the re-presented check"), "form"),
    ReturnReason("R51", N_("Re-presented check ineligible or improper"), "authorization", "unauthorized"),
    ReturnReason("R52", N_("Payment stopped on the re-presented check"), "stop"),
    ReturnReason("R53", N_("Check and its re-presentment both presented"), "form"),
    ReturnReason("R61", N_("Return sent to the wrong bank"), "dishonored"),
    ReturnReason("R62", N_("Return of an erroneous or reversing debit"), "dishonored"),
    ReturnReason("R67", N_("Duplicate return"), "dishonored"),
    ReturnReason("R68", N_("Return came too late"), "dishonored"),
    ReturnReason("R69", N_("Return has field errors"), "dishonored"),
    ReturnReason("R70", N_("Return neither permitted nor requested"), "dishonored"),
    ReturnReason("R71", N_("Dishonored return sent to the wrong bank"), "dishonored"),
    ReturnReason("R72", N_("Dishonored return came too late"), "dishonored"),
    ReturnReason("R73", N_("Original return was in time"), "dishonored"),
    ReturnReason("R74", N_("Corrected return"), "dishonored"),
    ReturnReason("R75", N_("Return was not a duplicate"), "dishonored"),
    ReturnReason("R76", N_("No errors found in the return"), "dishonored"),
    ReturnReason("R77", N_("Dishonored reversing debit not accepted"), "dishonored"),
    ReturnReason("R80", N_("International entry: coding error"), "international"),
    ReturnReason("R81", N_("International entry: bank does not take part"), "international"),
    ReturnReason("R82", N_("International entry: invalid foreign bank"), "international"),
    ReturnReason("R83", N_("International entry: foreign bank unable to settle"), "international"),
    ReturnReason("R84", N_("International entry: not processed"), "international"),
    ReturnReason("R85", N_("International payment wrongly coded"), "international"),
)
RETURN_REASONS: dict[str, ReturnReason] = {each.code: each for each in _RETURNS}
"""By code, R01 to R85."""

_CHANGES = (
    ChangeReason("C01", N_("Account number corrected"), ("account",)),
    ChangeReason("C02", N_("Routing number corrected"), ("routing",)),
    ChangeReason("C03", N_("Routing and account number corrected"), ("routing", "account")),
    ChangeReason("C04", N_("Name corrected"), ("name",)),
    ChangeReason("C05", N_("Account type corrected"), ("transaction code",)),
    ChangeReason("C06", N_("Account number and account type corrected"), ("account", "transaction code")),
    ChangeReason("C07", N_("Routing number, account number and account type corrected"),
                 ("routing", "account", "transaction code")),
    ChangeReason("C08", N_("Foreign bank identification corrected")),
    ChangeReason("C09", N_("Identification number corrected"), ("identification",)),
    ChangeReason("C10", N_("Company name corrected")),
    ChangeReason("C11", N_("Company identification corrected")),
    ChangeReason("C12", N_("Company name and identification corrected")),
    ChangeReason("C13", N_("Addenda format error")),
    ChangeReason("C14", N_("Entry class wrong for an international payment")),
    ChangeReason("C61", N_("Notification sent to the wrong bank")),
    ChangeReason("C62", N_("Notification has a wrong trace number")),
    ChangeReason("C63", N_("Notification has a wrong company identification")),
    ChangeReason("C64", N_("Notification has a wrong identification number")),
    ChangeReason("C65", N_("Notification's corrected data wrongly formatted")),
    ChangeReason("C66", N_("Notification has wrong discretionary data")),
    ChangeReason("C67", N_("Notification's routing number is not that of the entry")),
    ChangeReason("C68", N_("Notification's account number is not that of the entry")),
    ChangeReason("C69", N_("Notification has a wrong transaction code")),
)  # fmt: skip
CHANGE_REASONS: dict[str, ChangeReason] = {each.code: each for each in _CHANGES}
"""By code, C01 to C14 and, for notifications refused, C61 to C69."""
