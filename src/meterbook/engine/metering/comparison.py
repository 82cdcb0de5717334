"""What changes when one meter takes another's place: multiplier, dials, decimals, unit and size, side by side.

A wrong multiplier, dial count or unit is the dearest mistake of an exchange, so every exchange is confirmed against
exactly this comparison.

>>> old = Device("E-1", "2S", (Counts("delivered", 5, 0, Decimal(1), "kWh"),))
>>> new = Device("E-2", "9S", (Counts("delivered", 5, 0, Decimal(40), "kWh"),))
>>> [each.says.words(str) for each in compare(old, new).differences]
['Size: 2S becomes 9S.', 'Register delivered, multiplier: 1 becomes 40.']
>>> compare(old, old).differences
()
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.trace import N_, Step, Value

#: The facts of a register that are compared, and their words.
FACTS = {
    "multiplier": N_("multiplier"),
    "dials": N_("digits before the point"),
    "decimals": N_("digits after the point"),
    "unit": N_("unit"),
}
#: The registers by their words inside a sentence.
CHANNELS = {
    "delivered": N_("delivered"),
    "received": N_("received"),
    "high_flow": N_("high flow"),
    "low_flow": N_("low flow"),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How one register counts."""

    channel: str
    dials: int
    decimals: int
    multiplier: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Device:
    """A meter as far as a bill notices it; registers in the order of their channels."""

    serial: str
    size: str
    registers: tuple[Counts, ...]

    def register(self, channel: str) -> Counts | None:
        """The register of a channel, if it has one."""
        return next((one for one in self.registers if one.channel == channel), None)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: ``field`` is size, register, or a key of `FACTS`; ``channel`` is empty for the size."""

    channel: str
    field: str
    old: str
    new: str

    @property
    def says(self) -> Step:
        """The difference in one sentence."""
        values: dict[str, Value] = {"old": self.old, "new": self.new}
        if self.field == "size":
            return Step(N_("Size: {old} becomes {new}."), values)
        register = Step(CHANNELS.get(self.channel, self.channel))
        if self.field == "register":
            message = N_("Register {register} is gone.") if self.old else N_("Register {register} is new.")
            return Step(message, {"register": register})
        fact = Step(FACTS[self.field])
        return Step(N_("Register {register}, {fact}: {old} becomes {new}."), {
            **values, "register": register, "fact": fact})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """The old meter and the new one; two are equal only if both meters and every fact of theirs are."""

    old: Device
    new: Device

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Everything that differs, size first, then register by register."""
        found = []
        if self.old.size != self.new.size:
            found.append(Difference("", "size", self.old.size, self.new.size))
        for channel in sorted({one.channel for one in (*self.old.registers, *self.new.registers)}):
            before, after = self.old.register(channel), self.new.register(channel)
            if before is None or after is None:
                found.append(Difference(channel, "register", channel if before else "", channel if after else ""))
                continue
            for field in FACTS:
                was, becomes = _shown(getattr(before, field)), _shown(getattr(after, field))
                if was != becomes:
                    found.append(Difference(channel, field, was, becomes))
        return tuple(found)

    @property
    def fingerprint(self) -> str:
        """What a form sends back to say that exactly this was seen."""
        text = "\n".join(
            f"{device.serial}|{device.size}|{one.channel}|{one.dials}|{one.decimals}|{_shown(one.multiplier)}|{one.unit}"
            for device in (self.old, self.new)
            for one in device.registers
        )
        return hashlib.sha256(text.encode()).hexdigest()


def compare(old: Device, new: Device) -> Comparison:
    """Put two meters side by side, registers in order of their channels and multipliers without idle zeros."""
    return Comparison(_ordered(old), _ordered(new))


def _ordered(device: Device) -> Device:
    registers = sorted(device.registers, key=lambda one: one.channel)
    plain = [Counts(r.channel, r.dials, r.decimals, Decimal(_shown(r.multiplier)), r.unit) for r in registers]
    return Device(device.serial, device.size, tuple(plain))


def _shown(value: object) -> str:
    """A fact as text; a number without idle zeros."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
