"""What other storeys may use of statistics."""
