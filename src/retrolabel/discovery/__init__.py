"""Floor 7: from folders of schemas and labeling functions to values, with all that is wrong at once."""
