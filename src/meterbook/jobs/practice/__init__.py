"""Practice: a copy of the database in which nobody is real, to train on."""
