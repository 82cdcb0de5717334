"""The fifteen calls as a clerk does them, each from the caller's page on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from meterbook.demo.bench.calls.driver import Clerk

_PDF = b"%PDF-1.4 a plumber's bill"


@dataclass(frozen=True, slots=True)
class Callers:
    """Who calls: account numbers and premises (ids); ``day`` is today as people type it.

    ``owes`` has a bill to compare the newest with, ``paid`` a payment on record, and ``leaks`` used so much that a leak
    credit may be asked for.
    """

    owes: str
    paid: str
    behind: str
    off: str
    leaks: str
    moves_out: str
    moves_on: str
    empty: int
    emptied: int
    emptied_address: str
    day: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its number and name in the targets, the target, and how it goes."""

    number: int
    title: str
    actions: int
    seconds: int
    goes: Callable[[Clerk, Callers], None]


def _account(clerk: Clerk, number: str) -> None:
    clerk.open(f"/accounts/{number}/")


def owed(clerk: Clerk, who: Callers) -> None:
    """The due split stands on the account's page."""
    _account(clerk, who.owes)
    clerk.sees("What is owed", "Past due", "Due next")


def received(clerk: Clerk, who: Callers) -> None:
    """So does the last payment, with its channel."""
    _account(clerk, who.paid)
    clerk.sees("Last payment", "Statement")
    clerk.sees_at(".strip a[href*='/money/payments/']")


def why_so_high(clerk: Clerk, who: Callers) -> None:
    """The bill against the one before, split into what made the difference."""
    _account(clerk, who.owes)
    clerk.press("y")
    clerk.sees("Why is this bill", "Open that bill")


def more_time(clerk: Clerk, who: Callers) -> None:
    """The latest day one may give stands there already."""
    _account(clerk, who.owes)
    clerk.click("More time")
    clerk.click("Give more time", role="button")
    clerk.sees("More time until")


def plan(clerk: Clerk, who: Callers) -> None:
    """Instalments typed, worked out, agreed."""
    _account(clerk, who.behind)
    clerk.click("Payment arrangement")
    clerk.type("#id_count", "3")
    clerk.click("Work it out", role="button")
    clerk.click("Agree to this plan", role="button")
    clerk.sees("The plan stands.")


def restore(clerk: Clerk, who: Callers) -> None:
    """The exact amount; what is past due is promised, so the order opens with its hours of arrival."""
    _account(clerk, who.off)
    clerk.click("Restore service")
    clerk.sees("Brings service back", "Somebody comes")
    clerk.click("Open the order", role="button")
    clerk.sees("The order is open")


def move_in(clerk: Clerk, who: Callers) -> None:
    """From the address: who, documents, deposit, what will happen, done."""
    clerk.open(f"/premises/{who.empty}/")
    clerk.click_at(f"main a[href*='/moves/start/'][href*='premise={who.empty}']")
    clerk.type("#id_name", "Ysolde Quennerby")
    clerk.type("#id_phone", "(555) 555-0177")
    clerk.type("#id_on", who.day)
    clerk.click_at("#id_documents_0")
    clerk.click_at("#id_documents_1")
    clerk.click("Look", role="button")
    clerk.sees("This will happen")
    clerk.click("Save", role="button")
    clerk.sees("Ysolde Quennerby")


def move_out(clerk: Clerk, who: Callers) -> None:
    """The final day and where the last bill goes."""
    _account(clerk, who.moves_out)
    clerk.click("Move out")
    clerk.type("#id_on", who.day)
    clerk.type("#id_forwarding", "88 Juniper Court\nAlder Bend, CA 92990")
    clerk.click("Look", role="button")
    clerk.sees("This will happen")
    clerk.click("Save", role="button")
    clerk.sees("Done.")


def transfer(clerk: Clerk, who: Callers) -> None:
    """From one address to another; the deposit and the agreements go along."""
    _account(clerk, who.moves_on)
    clerk.click("Transfer")
    clerk.type("#where", who.emptied_address)
    clerk.press("Enter")
    found = f"main a[href*='premise={who.emptied}']"
    if not clerk.stands("#id_on", rather_than=found):
        clerk.click_at(found)
    clerk.type("#id_on", who.day)
    clerk.click("Look", role="button")
    clerk.sees("This will happen")
    clerk.click("Save", role="button")
    clerk.sees("Done.")


def leak(clerk: Clerk, who: Callers) -> None:
    """The base and every rule before anything is asked; the proof goes with it, and a second person is asked.

    No read since the repair shows yet that usage is normal again: that rule is waived in words, which are typed.
    """
    _account(clerk, who.leaks)
    clerk.click("Newest bill")
    clerk.click("Leak credit")
    clerk.sees("Credit", "Rules")
    clerk.type("#id_repaired_on", who.day)
    clerk.type("#id_note", "Service line")
    clerk.type("#id_waived", "Repaired today, the next read will show it")
    clerk.hand_in("#id_proof", "plumber.pdf", _PDF)
    clerk.click("Ask for this credit", role="button")
    clerk.sees("A second person has been asked.")


def recheck(clerk: Clerk, who: Callers) -> None:
    """The meter is read again."""
    _account(clerk, who.leaks)
    clerk.click_at("main a[href*='kind=re_read']")
    clerk.type("#id_reason", "The caller doubts the read")
    clerk.click_at("main form button.main")
    clerk.sees("The caller doubts the read")


def autopay(clerk: Clerk, who: Callers) -> None:
    """The bank data as the caller says it, the authority as it was read out."""
    _account(clerk, who.behind)
    clerk.click("Enrol in autopay")
    clerk.type("#id_routing", "021000021")
    clerk.type("#id_number", "40012345678")
    clerk.choose("#id_how", "phone")
    clerk.click_at("main form button.main")
    clerk.sees("…5678")


def discount(clerk: Clerk, who: Callers) -> None:
    """The checklist, ticked."""
    _account(clerk, who.behind)
    clerk.click("Discounts and medical baseline")
    clerk.click_at("#id_medical_baseline-papers_0")
    clerk.click_at("main form:has(#id_medical_baseline-papers_0) button")
    clerk.sees("Enrolled until")


def landlord(clerk: Clerk, who: Callers) -> None:
    """Who is the landlord here, and what happens between tenants."""
    _account(clerk, who.owes)
    clerk.click("Landlord")
    clerk.sees("Premises with continuous service", "Landlord of this customer")


def payoff(clerk: Clerk, who: Callers) -> None:
    """The figures, and the letter for the title company."""
    _account(clerk, who.owes)
    clerk.click("Payoff")
    clerk.sees("Pays it off through")
    clerk.type("#id_requester", "Alder Title Company")
    clerk.gets_file("Make the letter")


#: The calls with their targets: actions beyond the caller's page, seconds of the whole call.
CALLS = (
    Call(1, "What do I owe?", 0, 10, owed),
    Call(2, "Payment received?", 0, 15, received),
    Call(3, "Why so high?", 2, 90, why_so_high),
    Call(4, "More time", 3, 60, more_time),
    Call(5, "Plan", 5, 180, plan),
    Call(6, "Shut off, restore me", 4, 90, restore),
    Call(7, "Move in", 6, 300, move_in),
    Call(8, "Move out", 4, 120, move_out),
    Call(9, "Transfer", 6, 240, transfer),
    Call(10, "Leak adjustment", 4, 180, leak),
    Call(11, "Recheck meter", 2, 45, recheck),
    Call(12, "Autopay", 3, 90, autopay),
    Call(13, "Discount or medical baseline", 3, 120, discount),
    Call(14, "Landlord and tenant", 2, 60, landlord),
    Call(15, "Title or escrow payoff", 3, 120, payoff),
)
#: In this order: who moves away calls last.
ORDER = (1, 2, 3, 14, 15, 10, 11, 4, 5, 6, 12, 13, 7, 9, 8)
