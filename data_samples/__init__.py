"""A whole synthetic police force: it lies the way police data lies, and it knows the truth."""
