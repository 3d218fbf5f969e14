"""People who help."""
