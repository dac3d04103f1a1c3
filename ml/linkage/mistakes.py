"""What linking refuses, told to a person as one sentence."""


class LinkingError(Exception):
    """Settings, weights, a table of people or a decision cannot be used, and why."""
