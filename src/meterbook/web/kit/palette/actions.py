"""What the command palette offers: every action by its title and its command code. Areas append theirs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.sections import (
    ACCOUNTS,
    APPROVALS,
    BILLS,
    CASES,
    FIELD,
    FIND,
    LIBRARY,
    MONEY,
    RATES,
    READS,
    REPORTS,
    SETUP,
    TODAY,
    Section,
)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: what it is called, the page it is done on, its command code, and who may.

    ``account`` says that the page is about an account: the one in hand, or the number typed behind the code.
    ``query`` is the part of the address behind ``?``, with ``{number}`` for the account. Shown to roles that see the
    section and, where ``operation`` names one, may perform it.
    """

    title: str | Promise
    url_name: str
    code: str
    section: Section
    operation: str = ""
    account: bool = False
    query: str = ""


#: In the order they are offered. One line for each action; a code is at most eight letters and unique.
ACTIONS: list[Action] = [
    Action(_("Open the account"), "account", "acct", ACCOUNTS, account=True),
    Action(_("Take a payment at the counter"), "counter", "pay", MONEY, "cashiering.take_receipt",
           query="entry={number}"),
    Action(_("Statement of account"), "account_statement", "stmt", ACCOUNTS, account=True),
    Action(_("What is owed, item by item"), "receivable", "owed", ACCOUNTS, account=True),
    Action(_("Ledger entries"), "account_entries", "ledger", ACCOUNTS, account=True),
    Action(_("More time to pay"), "extend_payment", "more", ACCOUNTS, "ledger.extend_payment", account=True),
    Action(_("Payment arrangement"), "arrange_payment", "parts", ACCOUNTS, "ledger.arrange_payment", account=True),
    Action(_("Discounts and medical baseline"), "enrol_discount", "disc", ACCOUNTS, "programs.enrol_discount",
           account=True),
    Action(_("Payoff for a title company"), "payoff", "payoff", ACCOUNTS, account=True),
    Action(_("Adjust the account"), "adjust_account", "adj", ACCOUNTS, "adjustments.propose", account=True),
    Action(_("Charge a fee"), "charge_fee", "fee", ACCOUNTS, "fees.charge", account=True),
    Action(_("Ask for service"), "request_service", "serv", ACCOUNTS, "fees.request_service", account=True),
    Action(_("Deposits and security"), "account_security", "dep", ACCOUNTS, account=True),
    Action(_("Enrol in autopay"), "enrol_autopay", "auto", MONEY, "autopay.enrol", account=True),
    Action(_("Enrol in level payment"), "enrol_level_pay", "level", BILLS, "programs.enrol_level_pay", account=True),
    Action(_("Move in"), "move_start", "in", ACCOUNTS, "moves.make"),
    Action(_("Move out"), "move_stop", "out", ACCOUNTS, "moves.make", account=True),
    Action(_("Transfer"), "move_transfer", "move", ACCOUNTS, "moves.make", account=True),
    Action(_("Landlord and tenants"), "landlord", "lord", ACCOUNTS, account=True),
    Action(_("Name or estate"), "change_name", "name", ACCOUNTS, "moves.change_name", account=True),
    Action(_("Bankruptcy"), "move_bankruptcy", "bankr", ACCOUNTS, "moves.make", account=True),
    Action(_("Moves"), "moves", "moves", ACCOUNTS),
    Action(_("Ask for a refund"), "ask_refund", "refund", MONEY, "refunds.propose", account=True),
    Action(_("Apply a credit"), "apply_credit", "credit", ACCOUNTS, "payments.apply_credit", account=True),
    Action(_("Bar a way to pay"), "ban_tender", "ban", ACCOUNTS, "returns.ban_tender", account=True),
    Action(_("Apply for a rebate"), "apply_rebate", "rebate", ACCOUNTS, "refunds.apply_rebate", account=True),
    Action(_("Correct bills of the account"), "new_correction", "corr", BILLS, "corrections.open_case",
           account=True, query="account={number}"),
    Action(_("Take a complaint about the account"), "complain", "compl", ACCOUNTS, "cases.take_complaint",
           account=True),
    Action(_("Put charges in dispute"), "contest", "disp", ACCOUNTS, "cases.contest", account=True),
    Action(_("Suspect theft or tampering"), "suspect_loss", "theft", CASES, "cases.suspect", account=True,
           query="account={number}"),
    Action(_("Ask a department"), "ask_department", "dept", CASES, "cases.refer", account=True,
           query="account={number}"),
    Action(_("Complaints, disputes, questions"), "cases", "case", CASES),
    Action(_("Look it up: policies, rates, saving water, aid"), "library", "know", LIBRARY),
    Action(_("Registers: vendors, forms, bill codes"), "registers", "regs", LIBRARY),
    Action(_("Whom to call: other offices"), "referral_directory", "offices", CASES),
    Action(_("Ask for a service order"), "new_order", "order", FIELD, "service_orders.open", account=True,
           query="account={number}"),
    Action(_("Service orders"), "service_orders", "orders", FIELD),
    Action(_("Crews' week"), "order_calendar", "crews", FIELD),
    Action(_("Locates"), "locates", "dig", FIELD),
    Action(_("My route (phone)"), "crew", "route", FIELD),
    Action(_("Log a contact"), "log_contact", "log", ACCOUNTS, "contacts.log", account=True),
    Action(_("Verify the caller"), "verify_caller", "who", ACCOUNTS, "contacts.verify_caller", account=True),
    Action(_("Timeline"), "timeline", "time", ACCOUNTS, account=True),
    Action(_("Documents"), "account_papers", "docs", ACCOUNTS, account=True),
    Action(_("Add somebody to the account"), "add_part", "add", ACCOUNTS, "customers.add_part", account=True),
    Action(_("Put an alert on the account"), "raise_alert", "alert", ACCOUNTS, "customers.raise_alert", account=True),
    Action(_("Mailing address"), "change_mailing", "mail", ACCOUNTS, "customers.change_mailing", account=True),
    Action(_("Contacts"), "contacts", "calls", ACCOUNTS),
    Action(_("Who looked at whom"), "access_log", "looks", SETUP),
    Action(_("Write a letter"), "write_letter", "letter", ACCOUNTS, "correspondence.write_letter", account=True),
    Action(_("Letters"), "letters", "letters", ACCOUNTS),
    Action(_("Write to many"), "begin_mailing", "many", ACCOUNTS, "correspondence.merge_letters"),
    Action(_("Permits"), "permits", "permit", FIELD),
    Action(_("Quotes"), "quotes", "quote", FIELD),
    Action(_("Map"), "map", "map", FIND),
    Action(_("Find"), "find", "find", FIND),
    Action(_("My tasks"), "tasks", "task", TODAY),
    Action(_("Ask a colleague for something"), "ask_task", "ask", TODAY, "tasks.ask"),
    Action(_("Be away, and who stands in"), "standing_in", "away", TODAY, "tasks.delegate"),
    Action(_("What I was told"), "notifications", "bell", TODAY),
    Action(_("Approvals"), "approvals", "appr", APPROVALS),
    Action(_("Reads in question"), "exceptions", "excp", READS),
    Action(_("Import reads"), "import_reads", "reads", READS, "metering.import_reads"),
    Action(_("Key reads of a route"), "keying", "key", READS, "metering.key_reads"),
    Action(_("Read rows to correct"), "corrections", "rows", READS),
    Action(_("Field requests"), "field_requests", "field", FIELD),
    Action(_("Meters"), "meters", "meter", FIELD),
    Action(_("Bill runs"), "runs", "runs", BILLS),
    Action(_("Plan a bill run"), "plan_run", "plan", BILLS, "billing.plan_run"),
    Action(_("Held out of runs"), "all_holds", "hold", BILLS),
    Action(_("Billing calendar"), "calendar", "cal", BILLS),
    Action(_("Meter accounts to put right"), "integrity", "audit", BILLS),
    Action(_("Final bills"), "final_bills", "final", BILLS),
    Action(_("Corrections of bills"), "correction_cases", "cases", BILLS),
    Action(_("Adjustments"), "adjustments", "adjs", BILLS),
    Action(_("Batches of payments"), "payment_batches", "batch", MONEY),
    Action(_("Trace a payment"), "payments", "trace", MONEY),
    Action(_("Unidentified payments"), "unplaced_payments", "susp", MONEY),
    Action(_("Open my drawer"), "open_drawer", "drawer", MONEY, "cashiering.open_drawer"),
    Action(_("Drawers"), "drawers", "till", MONEY),
    Action(_("Receipts"), "receipts", "rcpt", MONEY),
    Action(_("Returned payments"), "returned_payments", "nsf", MONEY),
    Action(_("The bank's lines"), "bank", "bank", MONEY),
    Action(_("Credits to refund"), "credits", "creds", MONEY),
    Action(_("Aging"), "aging", "aging", MONEY),
    Action(_("Trial balance"), "trial_balance", "tb", MONEY),
    Action(_("Month-end"), "closing", "close", MONEY),
    Action(_("Rate book"), "rate_book", "rates", RATES),
    Action(_("Rate drafts"), "drafts", "draft", RATES),
    Action(_("Reports"), "reports", "rept", REPORTS),
    Action(_("Staff and their roles"), "staff", "staff", SETUP),
    Action(_("Add a colleague"), "add_staff", "hire", SETUP, "platform.add_user"),
    Action(_("What each role may do"), "operations", "may", SETUP),
    Action(_("Access review"), "access_review", "review", SETUP),
    Action(_("The shortcut card"), "shortcuts", "keys", TODAY),
]  # fmt: skip
