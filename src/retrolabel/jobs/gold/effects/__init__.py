"""Whether a change of the schema did what it was made for: how far people agree before and after it."""
