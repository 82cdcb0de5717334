"""Tables of the autopay area: who may be drawn on, what is drawn, files to the bank, what the bank answers."""

from meterbook.records.autopay.models.bank import AchEntry, AchFile, AchReversal, BankAnswer, BankFile
from meterbook.records.autopay.models.drafts import LIVE, OPEN, Draft, DraftRun
from meterbook.records.autopay.models.enrolments import Enrolment, EnrolmentEvent

__all__ = [
    "LIVE", "OPEN", "AchEntry", "AchFile", "AchReversal", "BankAnswer", "BankFile", "Draft", "DraftRun", "Enrolment",
    "EnrolmentEvent",
]  # fmt: skip
