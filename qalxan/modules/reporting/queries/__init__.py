"""Reading reporting."""
