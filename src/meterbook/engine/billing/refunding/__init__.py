"""Money that goes back: when a credit may be paid, by which way, what is small, what is unclaimed, what a rebate is."""
