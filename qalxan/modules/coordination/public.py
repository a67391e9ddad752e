"""What other storeys may use of coordination."""
