"""The exception queue: reads somebody must look at, what was decided, and what follows from it."""
