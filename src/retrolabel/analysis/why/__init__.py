"""Where one label comes from, as it is told: in a terminal, as plain data, and as a page."""
