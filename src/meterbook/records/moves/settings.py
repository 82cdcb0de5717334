"""The policy of moves in force on a day."""

from __future__ import annotations

from datetime import date

from meterbook.engine.moves.rules import MoveRules, parse_moves
from meterbook.engine.trace import N_, Step
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.platform.policies import NoPolicy, policy_as


def rules_on(day: date) -> MoveRules:
    """The rules. Raises `MoveRefused` where no policy is in force, so that a page says so."""
    try:
        return policy_as("moves", day, parse_moves)[1]
    except NoPolicy as missing:
        raise MoveRefused(Step(N_("No policy “moves” is in force. Release one first."))) from missing


def known_rules(day: date) -> MoveRules | None:
    """The rules, or nothing where no policy is in force."""
    try:
        return policy_as("moves", day, parse_moves)[1]
    except NoPolicy:
        return None
