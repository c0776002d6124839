"""What a labeling function does on a sample: figures, hits, near misses; from values to frames and sentences."""
