"""Every error that is told to a person as its one sentence, without a trace."""

from __future__ import annotations

from dagster_project.cycles import NotACutOff
from dagster_project.dbt_manifest import DbtProjectError
from dagster_project.marked_yaml import YamlMistake
from dagster_project.pseudonyms import PseudonymError
from dagster_project.publishing import PublishingError
from dagster_project.query import QueryError
from dagster_project.run import RunRefused
from dagster_project.warehouse import WarehouseError
from ml.linkage.mistakes import LinkingError
from ml.text.mistakes import TextError

MISTAKES = (
    DbtProjectError,
    LinkingError,
    NotACutOff,
    PseudonymError,
    PublishingError,
    QueryError,
    RunRefused,
    TextError,
    WarehouseError,
    YamlMistake,
)
