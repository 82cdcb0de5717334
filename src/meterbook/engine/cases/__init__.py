"""Cases: who answers by when, and how much was used while no meter told it."""
