"""Why a tariff text cannot be released as it stands, although it is a tariff: asked while writing, and at each step."""

from __future__ import annotations

from collections.abc import Collection

from meterbook.engine.rates.tariff import Tariff, Version
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.rates.operations.release_tariff import HistoryChanged, keep_history

#: Addresses of the rate book that stand where a schedule's code would.
RESERVED_CODES = frozenset({"list", "versions", "drafts"})
#: How long a title and a version's name may be: what the columns of `Schedule` and `ReleasedVersion` hold.
TITLE_LIMIT, NAME_LIMIT = 120, 40


class NotReleasable(ValueError):
    """The text is a tariff that cannot be released as it stands; ``step`` says why in the reader's language."""

    def __init__(self, message: str, /, **values: Value) -> None:
        self.step = Step(message, values)
        super().__init__(self.step.words(str))


class AnotherSchedule(NotReleasable):
    """The text is of another schedule than its draft."""


class NothingNew(NotReleasable):
    """The text adds no version to those released."""


class SeveralNew(NotReleasable):
    """The text adds more than one version to a schedule in use; only one at a time is shown, proven and studied."""


class UnknownAccounts(NotReleasable):
    """A charge names a revenue account that is not in the chart of accounts."""


class TooLongToRelease(NotReleasable):
    """A title or a name is longer than the rate book keeps."""


def obstacles(tariff: Tariff, *, code: str, chart: Collection[str]) -> list[ValueError]:
    """Everything that keeps ``tariff`` from being the next release of schedule ``code``, as refusals.

    ``chart`` are the codes of the chart of accounts.
    """
    found: list[ValueError] = []
    if tariff.schedule != code:
        message = N_("The text is of schedule {found}, the draft is of {expected}.")
        found.append(AnotherSchedule(message, found=tariff.schedule, expected=code))
    found += _lengths(tariff)
    try:
        released = keep_history(tariff)
    except HistoryChanged as changed:
        return [*found, changed]
    new = tariff.versions[released:]
    if not new:
        message = N_("Every version in this text is released already. Add one with a new name and first day.")
        found.append(NothingNew(message))
    elif released and len(new) > 1:
        message = N_("The text adds {count} versions: {names}. Release one at a time, so that each is looked at.")
        found.append(SeveralNew(message, count=len(new), names=", ".join(version.version for version in new)))
    return [*found, *(refusal for version in new for refusal in _unknown_accounts(version, chart))]


def _lengths(tariff: Tariff) -> list[ValueError]:
    """Texts that are longer than their columns."""
    told = N_("“{text}” has {length} characters, at most {limit} are kept.")
    found: list[ValueError] = []
    for text, most in [*((title, TITLE_LIMIT) for title in tariff.title.values()),
                       *((version.version, NAME_LIMIT) for version in tariff.versions)]:  # fmt: skip
        if len(text) > most:
            found.append(TooLongToRelease(told, text=f"{text[:30]}…", length=len(text), limit=most))
    return found


def _unknown_accounts(version: Version, chart: Collection[str]) -> list[ValueError]:
    """A refusal for each charge whose revenue account is not in the chart."""
    message = N_("Charge {component} names account {account}, which is not in the chart of accounts.")
    return [
        UnknownAccounts(message, component=component.id, account=component.revenue)
        for component in version.components
        if component.revenue not in chart
    ]
