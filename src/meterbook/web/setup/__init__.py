"""Setup: who works here, which roles they hold, what each role may do, and the list of an access review."""
