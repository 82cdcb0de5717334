"""The statement of an account over some days. See README.md."""

from meterbook.notices.account_statement.gather import NoSuchAccount, render_statement, statement_letter
from meterbook.notices.typesetting import NotSet

__all__ = ["NoSuchAccount", "NotSet", "render_statement", "statement_letter"]
