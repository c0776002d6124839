"""The versions of the labels of failure_mode, one file each."""
