"""What people read of a label set."""
