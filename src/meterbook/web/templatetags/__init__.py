"""Template vocabulary of the staff app."""
