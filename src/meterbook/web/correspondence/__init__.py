"""Pages of letters: templates the office keeps, letters to one account, mailings to many."""
