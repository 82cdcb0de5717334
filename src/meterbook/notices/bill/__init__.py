"""The printed bill: one PDF per bill, or a run in batches with manifests. See README.md.

The names below are loaded when first used: the processes that set type import this package without Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meterbook.notices.bill.document import BillDocument
    from meterbook.notices.bill.gather import bill_documents
    from meterbook.notices.bill.present import Unprintable
    from meterbook.notices.bill.render import RunPrint, render_bill, render_documents, render_run
    from meterbook.notices.bill.sample import sample_document

__all__ = [
    "BillDocument",
    "RunPrint",
    "Unprintable",
    "bill_documents",
    "render_bill",
    "render_documents",
    "render_run",
    "sample_document",
]
_HOMES = {
    "BillDocument": "document",
    "RunPrint": "render",
    "Unprintable": "present",
    "bill_documents": "gather",
    "render_bill": "render",
    "render_documents": "render",
    "render_run": "render",
    "sample_document": "sample",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
