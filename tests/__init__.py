"""Small cases a person can check by eye, the house's own rules, and the whole line run for real."""
