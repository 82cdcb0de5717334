"""Why is my bill high: the parts of a difference on the screen and on paper."""
