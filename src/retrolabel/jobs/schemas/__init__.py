"""Label schemas: checked, compared, released."""
