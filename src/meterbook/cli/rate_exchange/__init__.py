"""`rates import` and `rates export`: public tariff formats as documents and back, one module per format."""
