"""Month-end: checklist, roll-forward, journal, the lock of a period."""
