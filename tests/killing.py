"""Runs that kill themselves: for each line HOME, EXTRACTS, POINT on stdin, how that run ended on stdout.

What is slow to import is imported once; each run is a fork of that, and is dead when it reaches its point.
This process does nothing else: a fork of one that has computed in threads would wait for them for ever.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import dagster as dg
import great_expectations  # noqa: F401
from dagster_dbt import DbtCliInvocation

from dagster_project import publishing, warehouse
from dagster_project.cli import main
from dagster_project.definitions import defs  # noqa: F401
from dagster_project.defs import gates, raw


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def instead(
    module: Any, name: str, when: Callable[..., bool] = lambda *_: True, *, after: bool = False
) -> None:
    """Die where a function is called, or when it has done its work."""
    real = getattr(module, name)

    def fatal(*arguments: Any, **named: Any) -> Any:
        if not when(*arguments):
            return real(*arguments, **named)
        if after:
            real(*arguments, **named)
        return die()

    setattr(module, name, fatal)


def in_dbt(model: str) -> None:
    """Die while dbt, in a process of its own, is at work on what comes after a model."""
    real = DbtCliInvocation.stream_raw_events

    def until(self: DbtCliInvocation) -> Any:
        for event in real(self):
            if event.raw_event.get("data", {}).get("node_info", {}).get("node_name") == model:
                die()
            yield event

    DbtCliInvocation.stream_raw_events = until


def at_step(step: str) -> None:
    """Die when a step has done its work, and before Dagster has written that down."""
    real = dg.DagsterInstance.handle_new_event

    def until(self: dg.DagsterInstance, event: Any, **named: Any) -> Any:
        told = event.dagster_event
        if told and told.step_key == step and told.event_type_value == "ASSET_MATERIALIZATION":
            die()
        return real(self, event, **named)

    dg.DagsterInstance.handle_new_event = until


def arm(point: str) -> None:
    """`raw`, `gates`, `swap`, `seal` and `dbt:model` are the middle of something; anything else is a step."""
    match point.partition(":"):
        case "raw", _, _:
            instead(raw, "register", lambda _, contract, *__: contract.source == "crimes")
        case "gates", _, _:
            instead(gates, "keep", after=True)
        case "swap", _, _:
            instead(warehouse.Warehouse, "swap_in")
        case "seal", _, _:
            instead(publishing, "_seal")
        case "dbt", _, model:
            in_dbt(model)
        case _:
            at_step(point)


def ended(home: str, extracts: str, point: str) -> int:
    """How a run with this point armed ended: its exit code, or the signal with a minus before it."""
    child = os.fork()
    if child == 0:
        os.dup2(2, 1)  # this process alone speaks on stdout
        if point:
            arm(point)
        os._exit(main(["run", "--extracts", extracts, "--home", home]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for line in sys.stdin:
        print(ended(*line.rstrip("\n").split("\t")), flush=True)
