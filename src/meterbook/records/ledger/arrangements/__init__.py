"""More time and plans of instalments: what was agreed, and how it stands in the books."""
