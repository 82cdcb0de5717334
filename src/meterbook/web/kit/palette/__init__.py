"""Every action one key away: Ctrl-K, or ``:`` and a command code, on every page."""

from meterbook.web.kit.palette.actions import ACTIONS, Action

__all__ = ["ACTIONS", "Action"]
