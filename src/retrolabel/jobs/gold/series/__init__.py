"""Agreement over time: which answers make a period, where a series breaks, its figures, and what is told of it."""
