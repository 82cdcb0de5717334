"""The letter that answers a complaint. See README.md."""

from meterbook.notices.case_answer.gather import NoAnswer, answer_letter, render_answer

__all__ = ["NoAnswer", "answer_letter", "render_answer"]
