"""The shortcut card: the keys of every page and of those pages that have some of their own."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.palette.keys import EVERYWHERE, ON_ACCOUNT
from meterbook.web.kit.sections import Section
from meterbook.web.metering.queue.keys import CASE_KEYS, LIST_KEYS
from meterbook.web.tasks.queues import QUEUE_KEYS

Keys = Sequence[tuple[Sequence[str], "str | Promise"]]


def card(rail: Sequence[Section]) -> list[tuple[str | Promise, Keys]]:
    """Titles with the keys under them. What is printed is what the pages listen to: the same tables."""
    return [
        (_("On every page"), [(each.keys, each.words) for each in EVERYWHERE if each.name != "go"]),
        (_("Go to a section"), [(("g", each.letter), each.title) for each in rail]),
        (_("On an account"), ON_ACCOUNT),
        (_("In the queue of tasks"), QUEUE_KEYS),
        (_("In the queue of reads"), LIST_KEYS),
        (_("On one read in question"), CASE_KEYS),
    ]
