"""A month's figures: each from the books by accounting period alone, so that a locked month always says the same."""
