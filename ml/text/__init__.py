"""What the prose says: coding lists as data, a detector for their terms, rules of who did it and whether."""
