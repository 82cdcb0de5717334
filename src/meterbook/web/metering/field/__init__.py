"""The field's list and one request's page, the meter asked over the head-end, alerts of leaks and high usage."""
