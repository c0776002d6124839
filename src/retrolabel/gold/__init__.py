"""Floor 4: gold sets, what they say in each version, and how well a label set agrees with them."""
