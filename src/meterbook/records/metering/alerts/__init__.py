"""What a customer should hear of: flow that never stops, and usage far above what was expected and real."""
