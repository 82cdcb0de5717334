"""Why a bill changed, on one page for the customer. See README.md."""

from meterbook.notices.bill_change.document import ChangeDocument, sample_document
from meterbook.notices.bill_change.gather import change_document
from meterbook.notices.bill_change.render import render_change, set_change
from meterbook.notices.typesetting import NotSet
from meterbook.records.billing.change import NothingBefore

__all__ = [
    "ChangeDocument", "NotSet", "NothingBefore", "change_document", "render_change", "sample_document", "set_change",
]  # fmt: skip
