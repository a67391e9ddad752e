"""What coordination shows: forums, meetings, tasks, recommendations, the board."""
