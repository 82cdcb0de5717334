"""The rate workbench: drafts of tariffs, from the council's resolution to rates in force."""
