"""Energy at a price series: every interval at its own price, with losses and an adder."""
