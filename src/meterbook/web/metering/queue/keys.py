"""The keys of the queue's pages, for the list that ``?`` opens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LIST_KEYS = (
    (("j", "k"), _("Next case, case before")),
    (("Space",), _("Tick the case")),
    (("Enter",), _("Open the case")),
    (("a", "e", "s"), _("Accept, estimate or assign what is ticked")),
)
CASE_KEYS = (
    (("j", "k"), _("Next case, case before")),
    (("a",), _("Accept the read")),
    (("c",), _("Correct it")),
    (("e",), _("Estimate it")),
    (("r",), _("Ask for a re-read")),
    (("d",), _("Send somebody to check the meter")),
    (("x",), _("Reject it")),
    (("p",), _("Say that no read is due")),
    (("n",), _("Write a note")),
    (("o", "s"), _("Take it or give it back, assign it")),
    (("l",), _("Back to the list")),
    (("Esc",), _("Close the form")),
)
