"""When tasks are looked at, and relabelled."""
