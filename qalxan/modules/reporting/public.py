"""What other storeys may use of reporting."""
