"""Records in the formats of others: a module a format, with its table of what is made of which field."""
