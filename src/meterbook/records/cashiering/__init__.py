"""The counter: drawers, receipts, tenders, counts."""
