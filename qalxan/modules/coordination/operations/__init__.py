"""What coordination changes. Each call checks its right and leaves a row in the log."""
