"""What other storeys may use of annual report."""
