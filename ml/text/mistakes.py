"""What is wrong with a coding list or a text, said to a person."""


class TextError(ValueError):
    """A coding list or a table of texts that cannot be used, with the place and what to do."""
