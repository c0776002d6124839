"""What the doctor looks at: the installation, the project, the store."""
