"""Leak credits by the city's formula: settings, the rules of a claim, the credited usage, bills priced again."""
