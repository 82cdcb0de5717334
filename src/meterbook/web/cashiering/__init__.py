"""The counter's pages: the cashier's screen, receipts, drawers, bags to the bank."""
