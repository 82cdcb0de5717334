"""Pages of autopay: enrolments, runs of drafts, files to the bank and from it."""
