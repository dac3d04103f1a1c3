"""Police prose composed from a grammar, with the truth of every coded word in it."""
