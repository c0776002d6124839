"""Label sets: planned, made, compared, explained, verified, made again."""
