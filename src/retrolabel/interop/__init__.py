"""Floor 7: file formats from outside, in and out."""
