"""Contacts, as far as they are rules: how a caller is verified, and the words a contact is logged with."""
