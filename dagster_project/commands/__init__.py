"""The commands, one file for each kind of work; each is thin and calls what is below."""
