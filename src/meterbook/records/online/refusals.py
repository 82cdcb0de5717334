"""What paying online refuses, in sentences of the reader's language."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step


class OnlineRefusal(ValueError):
    """A refusal with its sentence; ``step`` is said in the reader's language."""

    says = ""

    def __init__(self, **values: str | int) -> None:
        self.step = Step(self.says, dict(values))
        super().__init__(self.step.words(str))


class AmountOutside(OnlineRefusal):
    """Less or more than the policy lets through."""

    says = N_("An online payment is from {least} to {most}.")


class CheckoutKeyUsed(OnlineRefusal):
    """The key stands on a page of another account or amount."""

    says = N_("This request already made a page for another payment. Begin again.")


class TooManyPages(OnlineRefusal):
    """The account got as many pages today as the policy allows."""

    says = N_("Account {number} got {count} payment pages today; that is all the policy allows.")


class NoTenderLeft(OnlineRefusal):
    """Every way to pay online is barred for this account."""

    says = N_("Account {number} may not pay online for now, because earlier payments came back.")


class NotConfigured(OnlineRefusal):
    """The installation has no key of the card processor."""

    says = N_("Card payments are not set up here: METERBOOK_STRIPE_KEY is missing.")


class ProcessorSaysNo(OnlineRefusal):
    """The processor did not make the page."""

    says = N_("The card processor did not answer as it should ({code}). Nothing was charged; try again.")


class KioskNameTaken(OnlineRefusal):
    """Another kiosk has this name, or there is none."""

    says = N_("Give the kiosk a name of its own, at most 40 characters.")


class KioskRevoked(OnlineRefusal):
    """The kiosk was revoked before."""

    says = N_("This kiosk was revoked before.")


class WrongSignature(ValueError):
    """What came does not bear the processor's signature, or bears an old one."""


class WrongEvent(ValueError):
    """A signed event that cannot be read: says which field."""
