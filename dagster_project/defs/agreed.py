"""What was agreed of the sources, read once when the definitions are loaded."""

from collections.abc import Iterable

from dagster_project.contracts import load_contracts
from expectations.suites import Suite, load_suites


def suites_of(sources: Iterable[str]) -> dict[str, Suite]:
    """The suite of each source; nothing is asked yet of one that has a contract only."""
    written = load_suites()
    return {source: written.get(source) or Suite(source, {}, ()) for source in sources}


CONTRACTS = load_contracts()
SUITES = suites_of(CONTRACTS)
