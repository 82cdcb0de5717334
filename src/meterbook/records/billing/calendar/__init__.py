"""The billing calendar on record: editions of a cycle's year, proposed and published, and what is asked of them."""
