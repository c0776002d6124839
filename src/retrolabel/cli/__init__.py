"""Floor 9: the command line: parse, call one job, render."""
