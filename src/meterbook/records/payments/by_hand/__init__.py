"""Money on the books changed by hand: taken back, moved, carried to another account; asked for, decided, done."""
