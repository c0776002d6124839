"""The versions of the labels of airline_feedback, one file each."""
