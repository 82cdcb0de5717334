"""Settings of net metering credits in dollars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import read_base, read_fact
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

KEYS = {
    "option": shapes.Key(shapes.choice("nem-dollar", "net-billing-carryover"), "How credits are kept."),
    "earned": shapes.Key(shapes.BASE, "The lines, below zero, of what exports earn."),
    "offsets": shapes.Key(shapes.BASE, "The charges a credit may lower, to nothing and not below."),
    "brought": shapes.Key(shapes.WORD, "The determinant with the dollars of credit from earlier bills."),
    "credit_from": shapes.optional(shapes.choice("same-month", "next-month"), "When this bill's earnings count."),
    "lines": shapes.optional(shapes.choice("rounded", "exact"), "Whether other lines are read as printed (rounded)."),
}
#: Largest credit of one line, in dollars: its price must fit hundred-millionths in 64 bits.
DOLLARS_LIMIT = 10**10
#: Parts of the component: what was brought lowers the bill, what is carried on raises it again.
BROUGHT, CARRIED = 1, 2
_LABELS = {
    BROUGHT: {"en": "Credits from earlier bills", "es": "Créditos de facturas anteriores"},
    CARRIED: {"en": "Credits carried to the next bill", "es": "Créditos que pasan a la siguiente factura"},
}


@dataclass(frozen=True, slots=True)
class NetMeteringSettings(Settings):
    """Credits ``brought`` and the ``earned`` lines lower the lines ``offsets`` to nothing; the rest is carried on.

    ``at_once`` counts this bill's earnings on this bill, otherwise on the next; ``exact`` reads unrounded lines.
    """

    option: str
    earned: tuple[str, ...]
    offsets: tuple[str, ...]
    brought: str
    at_once: bool
    exact: bool

    @property
    def bank(self) -> Determinant:
        """The credit from earlier bills, in dollars."""
        return Determinant(self.brought, "count")

    @property
    def undivided(self) -> bool:
        return True

    def determinants(self) -> tuple[Determinant, ...]:
        return (self.bank,)

    def label_of(self, part: int) -> dict[str, str] | None:
        return _LABELS.get(part)

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return ()

    def words(self) -> Step:
        """What a credit may offset, and when."""
        words = N_("Credits lower {offsets} to nothing at most; this bill's earnings count from the next bill on.")
        if self.at_once:
            words = N_("Credits, with what this bill's exports earn, lower {offsets} to nothing at most.")
        return Step(words, {"offsets": ", ".join(self.offsets)})


def read(place: Field, entries: Mapping[str, Field], context: Context) -> NetMeteringSettings:
    """Read and check the settings; problems are reported through the fields."""
    option = entries["option"].choice("nem-dollar", "net-billing-carryover")
    when = "same-month" if option == "nem-dollar" else "next-month"
    if "credit_from" in entries:
        when = entries["credit_from"].choice("same-month", "next-month")
        if option == "nem-dollar" and when == "next-month":
            entries["credit_from"].refuse(expected="same-month: nem-dollar credits at once")
    earned, offsets = read_base(entries["earned"], context), read_base(entries["offsets"], context)
    shared = [name for name in earned if name in offsets]
    if shared:
        entries["earned"].refuse(found=shared[0], expected="lines that 'offsets' does not name")
    exact = "lines" in entries and entries["lines"].choice("rounded", "exact") == "exact"
    if exact:
        context.exact.update((*earned, *offsets))
    brought = read_fact(entries["brought"], context, kind="count")
    return NetMeteringSettings(option, earned, offsets, brought, when == "same-month", exact)
