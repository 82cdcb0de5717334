"""The two ways a plan ends by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.programs.level_pay.operations.end import remove_level_pay, settle_level_pay


@dataclass(frozen=True, slots=True)
class Ending:
    """One way: the deed and its kind, and the words of its page."""

    kind: str
    do: Callable[..., Any]
    title: str | Promise
    button: str | Promise
    lead: str | Promise


ENDINGS = {
    "settle": Ending(
        "programs.settle_level_pay", settle_level_pay, _("End the plan for the customer"), _("End it"),
        _("The customer asks to leave. The next bill asks for everything owed, or shows the credit."),
    ),
    "remove": Ending(
        "programs.remove_level_pay", remove_level_pay, _("Remove from level payment"), _("Remove"),
        _("The rules end the plan. The next bill asks for everything owed; the account may enrol again only after the "
          "months of the policy."),
    ),
}  # fmt: skip
