"""Run a benchmark by name: python -m benchmarks NAME; without a name, list them."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def names() -> dict[str, str]:
    """Every benchmark and the first line of what it says about itself."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(benchmarks.__path__):
        loaded = importlib.import_module(f"benchmarks.{module.name}") if module.name != "__main__" else None
        if loaded is not None and hasattr(loaded, "main"):
            found[module.name] = (loaded.__doc__ or "").splitlines()[0]
    return found


def main(arguments: list[str]) -> int:
    """Run the one that is named."""
    known = names()
    if len(arguments) == 1 and arguments[0] in known:
        importlib.import_module(f"benchmarks.{arguments[0]}").main()
        return 0
    if arguments:
        print(
            f"benchmarks: {' '.join(arguments)!r} is unknown: choose one of {', '.join(known)}",
            file=sys.stderr,
        )
        return 2
    for name, says in known.items():
        print(f"make bench NAME={name:<12} {says}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
