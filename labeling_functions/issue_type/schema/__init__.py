"""The versions of the schema of issue_type, one file a version."""
