"""`meterbook bench vee`: labelled faults in a city's reads and intervals, and what each rule finds of them."""
