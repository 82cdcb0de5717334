"""Programs: arrangements with a customer that carry something from bill to bill and stand above single rates."""
