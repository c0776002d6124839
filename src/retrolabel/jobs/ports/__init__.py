"""What the jobs need from the outside world; adapters on floor 7 provide it. The books stand beside their jobs."""
