"""A city of hundreds of thousands of accounts, to measure search and pages: few of them lived in full."""
