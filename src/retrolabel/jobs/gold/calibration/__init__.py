"""The calibration set: what everybody answers each week, the files for it, and who is missing."""
