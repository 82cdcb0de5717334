"""Building a bill: ``calendar`` gives the day it falls due, on a day the office is open."""
