"""What was agreed of the sources, read once when the definitions are loaded."""

from dagster_project.contracts import load_contracts
from expectations.suites import load_suites

CONTRACTS = load_contracts()
SUITES = load_suites()
