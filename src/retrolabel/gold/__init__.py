"""Floor 4: gold sets, how annotators agree, and how well a label set agrees with gold."""
