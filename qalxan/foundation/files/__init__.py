"""Evidence files: proved by parsing, scanned, rebuilt, kept as they were stored."""
