"""Models that are trained on a label set: they label feedback that no labeling function knows, and prove the labels."""
