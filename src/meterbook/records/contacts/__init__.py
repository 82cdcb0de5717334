"""Contacts: who called, wrote or came, how the caller was verified, and who looked at whom."""
