"""Pages of one-off charges: fees, requests paid before somebody is sent, development charges."""
