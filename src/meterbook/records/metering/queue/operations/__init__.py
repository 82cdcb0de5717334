"""Decisions on questioned reads, each one deed: accept, correct, estimate, reject, send out, note, own."""
