"""What a tariff version says about net metering: the facts it asks the ledger for, and which lines are credits.

The ledger never computes a credit of its own. It brings what the tariff asks for by these names, and reads off the
priced lines what was earned, used and carried on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.programs.net_metering.rule import AtTrueUp, Option
from meterbook.engine.rates.components.net_metering.settings import NetMeteringSettings
from meterbook.engine.rates.components.true_up.settings import TrueUpSettings
from meterbook.engine.rates.tariff import Version

#: Facts the ledger of net metering brings to a bill, by the names a tariff asks for them: kWh carried from earlier
#: bills; exports that count on this bill (its own, less what a group's others get, plus what this one gets);
#: 1 on a bill that settles the year.
BANK_KWH, CREDITED, SETTLES = "bank_kwh", "export_credited", "settles_year"
_EXPORTS = ("export", CREDITED)


@dataclass(frozen=True, slots=True)
class Terms:
    """The credits of a version.

    ``option`` is the one its net metering component names, or ``None``: then `nem-kwh` where ``banks_kwh`` and the
    two that sell at once are left. ``brought`` and ``left`` are names of determinants (empty where it has none),
    ``earned``, ``offsets``, ``credits`` and ``surplus`` ids of components. ``month`` settles the year whoever the
    customer is; ``own_year`` leaves that to the customer's own.
    """

    option: Option | None
    banks_kwh: bool
    brought: str
    earned: tuple[str, ...]
    offsets: tuple[str, ...]
    credits: str
    surplus: str
    left: str
    price: Decimal
    at_true_up: AtTrueUp
    month: int | None
    own_year: bool
    asked: frozenset[str]

    def serves(self, option: Option) -> bool:
        """Whether a customer under ``option`` can be billed by this version."""
        if option == "nem-kwh":
            return self.banks_kwh and self.option is None
        if self.option is not None:
            return option == self.option
        return option in ("net-billing", "buy-all") and bool(self.earned)

    @property
    def revenue_component(self) -> str:
        """The component whose account holds the dollars carried, or else what was earned."""
        return self.credits or (self.earned[0] if self.earned else "")


def terms_of(version: Version) -> Terms:
    """Read the terms off a version's components."""
    asked: set[str] = set()
    credits, surplus = "", ""
    nem: NetMeteringSettings | None = None
    settling: TrueUpSettings | None = None
    sold: list[str] = []
    for component in version.components:
        names = {determinant.name for determinant in component.determinants()}
        asked |= names
        if isinstance(component.settings, NetMeteringSettings):
            credits, nem = component.id, component.settings
        elif isinstance(component.settings, TrueUpSettings):
            surplus, settling = component.id, component.settings
        elif names & set(_EXPORTS) and "usage" not in names:
            sold.append(component.id)
    at_true_up: AtTrueUp = "keep" if settling is None else ("pay" if settling.pays else "expire")
    return Terms(
        option=None if nem is None else nem.option,  # type: ignore[arg-type]
        banks_kwh=BANK_KWH in asked,
        brought="" if nem is None else nem.brought,
        earned=tuple(sold) if nem is None else nem.earned,
        offsets=() if nem is None else nem.offsets,
        credits=credits,
        surplus=surplus,
        left="" if settling is None else settling.left,
        price=Decimal(0) if settling is None else settling.price,
        at_true_up=at_true_up,
        month=None if settling is None else settling.month,
        own_year=settling is not None and settling.settles is not None,
        asked=frozenset(asked),
    )
