"""What pages and commands show of autopay: enrolments, runs of drafts, files, the bank's answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from meterbook.records.autopay.bank.matching import Match, matches
from meterbook.records.autopay.models import (
    AchEntry,
    AchFile,
    AchReversal,
    BankAnswer,
    BankFile,
    Draft,
    DraftRun,
    Enrolment,
    EnrolmentEvent,
)
from meterbook.records.autopay.models.drafts import OPEN as DRAFTS_OPEN
from meterbook.records.customers.models import Account
from meterbook.records.platform.models import Attachment


def enrolments() -> QuerySet[Enrolment, Any]:
    """Every authorisation; bank accounts by their last four digits."""
    return Enrolment.objects.values(
        "id", "name", "state", "routing", "last_four", "account_type", "day", "how", "sec", "authorised_on",
        "drafts_from", "validation", "ended_on", "why", number=F("account__number"), holder=F("account__holder__name"),
    )  # fmt: skip


def enrolment(enrolment_id: int) -> Enrolment | None:
    """One authorisation, or nothing."""
    rows = Enrolment.objects.select_related("account__holder", "document", "deed__actor")
    return rows.filter(pk=enrolment_id).first()


def history(enrolment_id: int) -> list[EnrolmentEvent]:
    """Everything that happened to an authorisation, the newest first."""
    rows = EnrolmentEvent.objects.filter(enrolment_id=enrolment_id).select_related("deed__actor")
    return list(rows.order_by("-id"))


def of_account(account_id: int) -> Enrolment | None:
    """An account's newest authorisation, or nothing."""
    return Enrolment.objects.filter(account_id=account_id).order_by("-id").first()


def drafts() -> QuerySet[Draft, Any]:
    """Every draft with its account, bill and trace."""
    return Draft.objects.values(
        "id", "state", "amount_cents", "asked_cents", "settle_on", "presentment", "dropped_for", "reasons", "run_id",
        "enrolment_id", "bill_id", "payment_id", number=F("account__number"), holder=F("account__holder__name"),
        bill_number=F("bill__number"), trace=F("entry__trace"), run_number=F("run__number"),
        last_four=F("enrolment__last_four"),
    )  # fmt: skip


def draft(draft_id: int) -> Draft | None:
    """One draft, or nothing."""
    rows = Draft.objects.select_related("run", "account__holder", "bill", "enrolment")
    return rows.filter(pk=draft_id).first()


def runs() -> QuerySet[DraftRun, Any]:
    """Every run with how many drafts it holds, by where they are."""
    return DraftRun.objects.annotate(
        free=Count("drafts", filter=Q(drafts__state="selected")), held=Count("drafts", filter=Q(drafts__state="held")),
        gone=Count("drafts", filter=Q(drafts__state__in=["filed", "settled", "returned", "reversed"])),
        cents=Sum("drafts__amount_cents", filter=Q(drafts__state__in=_COUNTED)),
    ).values(
        "id", "number", "selected_on", "through", "state", "free", "held", "gone", "cents",
        file_number=F("file__number"), file_key=F("file__id"),
    )  # fmt: skip


_COUNTED = ["selected", "filed", "settled", "returned", "reversed"]


def run(run_id: int) -> DraftRun | None:
    """One run, or nothing."""
    return DraftRun.objects.select_related("approval__requested_by", "deed__actor").filter(pk=run_id).first()


def run_on(day: date) -> DraftRun | None:
    """The run selected on a day, or nothing."""
    return DraftRun.objects.filter(selected_on=day).first()


def newest_run(*states: str) -> DraftRun | None:
    """The newest run in one of these states, or nothing."""
    return DraftRun.objects.filter(state__in=states).order_by("-selected_on").first()


def files() -> QuerySet[AchFile, Any]:
    """Every file we wrote."""
    return AchFile.objects.values(
        "id", "number", "kind", "made_on", "file_name", "entries", "debit_cents", "credit_cents", "sha256",
        made_by=F("deed__actor__username"),
    )  # fmt: skip


def file(file_id: int) -> AchFile | None:
    """One file, or nothing."""
    return AchFile.objects.select_related("run", "deed__actor").filter(pk=file_id).first()


def entries(file_id: int) -> QuerySet[AchEntry, Any]:
    """The entries of a file, offsets left out."""
    return AchEntry.objects.filter(file_id=file_id).values(
        "id", "trace", "kind", "transaction_code", "sec", "amount_cents", "settle_on", "last_four", "enrolment_id",
        "draft_id", number=F("enrolment__account__number"), name=F("enrolment__name"), draft_state=F("draft__state"),
    )  # fmt: skip


def match_of(file_id: int) -> list[Match]:
    """What a file asked for beside what was posted and came back, by settlement day."""
    return [one for one in matches([file_id]) if one.drafts]


def bank_files() -> QuerySet[BankFile, Any]:
    """Every file of the bank's."""
    return BankFile.objects.values(
        "id", "file_name", "taken_on", "returns", "changes", "unmatched", "cents", taken_by=F("deed__actor__username")
    )


def bank_file(file_id: int) -> BankFile | None:
    """One of the bank's files, or nothing."""
    return BankFile.objects.select_related("deed__actor").filter(pk=file_id).first()


def answers() -> QuerySet[BankAnswer, Any]:
    """Every return and notification of change, with what became of it."""
    return BankAnswer.objects.values(
        "id", "kind", "code", "original_trace", "amount_cents", "outcome", "says", "file_id", "settled_by_id",
        taken_on=F("file__taken_on"), file_name=F("file__file_name"), number=F("entry__enrolment__account__number"),
        name=F("entry__enrolment__name"), enrolment_key=F("entry__enrolment_id"),
    )  # fmt: skip


def answer(answer_id: int) -> BankAnswer | None:
    """One answer, or nothing."""
    return BankAnswer.objects.filter(pk=answer_id).first()


def reversal(reversal_id: int) -> AchReversal | None:
    """One reversal of entries, or nothing."""
    return AchReversal.objects.select_related("approval__requested_by", "file").filter(pk=reversal_id).first()


def entries_of_file(file_id: int) -> list[AchEntry]:
    """Drafts of a file that could be reversed, as records."""
    rows = AchEntry.objects.filter(file_id=file_id, kind="draft", draft__state__in=["filed", "settled"])
    return list(rows.filter(reversed_by__isnull=True).order_by("pk"))


def evidence(enrolment_id: int) -> list[Attachment]:
    """The signed forms kept with an authorisation, without their content."""
    return list(Attachment.objects.filter(subject=f"enrolment:{enrolment_id}").defer("content").order_by("pk"))


def attachment(attachment_id: int) -> Attachment | None:
    """A form kept with an authorisation, or nothing."""
    found = Attachment.objects.filter(pk=attachment_id).first()
    return found if found is not None and found.subject.startswith("enrolment:") else None


def status() -> dict[str, Any]:
    """How autopay stands: enrolments and drafts by state, what waits for a person."""
    waiting = {"outcome": BankAnswer.UNMATCHED, "settled_by__isnull": True}
    return {
        "enrolments": _counted(Enrolment.objects.all()),
        "drafts": _counted(Draft.objects.all()),
        "runs": _counted(DraftRun.objects.all()),
        "files": AchFile.objects.count(),
        "held": Draft.objects.filter(state="held").count(),
        "unmatched": BankAnswer.objects.filter(**waiting).count(),
    }


def _counted(rows: QuerySet[Any, Any]) -> dict[str, int]:
    return dict(rows.order_by("state").values_list("state").annotate(Count("id")))


def alive(numbers: list[str]) -> set[str]:
    """Of these accounts those with an authorisation that has not ended."""
    rows = Enrolment.objects.filter(account__number__in=numbers).exclude(state=Enrolment.ENDED)
    return set(rows.values_list("account__number", flat=True))


def could_enrol() -> list[str]:
    """Numbers of open accounts with a posted bill and without an authorisation, in order."""
    taken = Enrolment.objects.exclude(state=Enrolment.ENDED).values("account_id")
    rows = Account.objects.filter(closed_on__isnull=True, bills__run__status="posted").exclude(pk__in=taken)
    return list(rows.order_by("number").values_list("number", flat=True).distinct())


def file_of_batch(batch: str) -> AchFile | None:
    """The file a payment batch was settled from."""
    return AchFile.objects.filter(number=batch.rpartition("-")[0]).first()


def on_its_way(account_id: int) -> list[Draft]:
    """An account's drafts that have not taken their money yet."""
    rows = Draft.objects.filter(account_id=account_id, state__in=DRAFTS_OPEN)
    return list(rows.order_by("settle_on", "pk").only("id", "amount_cents", "settle_on", "state"))
