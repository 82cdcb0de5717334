"""The run page as a control panel: stages in a row, what to do next, readiness, log, reports, mail, closing."""
