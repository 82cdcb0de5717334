"""Finding accounts by what a caller says: number, name, telephone, e-mail, where the mail goes."""
