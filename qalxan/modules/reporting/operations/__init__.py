"""Writing reporting."""
