"""Values that jobs take and return, and that adapters store: no behaviour beyond their own reading."""
