"""The people in crimes: victim, suspect and witness, some of them written down again later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_samples import rates
from data_samples.chance import Columns, Flags, Ints, happens, uniform
from data_samples.records import DAY, NEVER_SECOND
from data_samples.render.scribe import Scribe
from data_samples.render.values import flags, instants, labels, only, references
from data_samples.render.versions import take

_VICTIM, _SUSPECT, _WITNESS, _CHARGED = range(4)
_ROLES = ("victim", "suspect", "witness", "charged")
_BYSTANDERS = 30_000  # the first residents see what happens


@dataclass(frozen=True)
class _Parties:
    """One entry for each person in a crime, in the order of the crimes."""

    row: Ints  # of the crime
    role: Ints
    key: Ints
    number: Ints
    created: Ints


def write_parties(scribe: Scribe, crimes: Columns) -> None:
    """Write out the parties, and a later version of those charged or put right by an enquiry team."""
    parties = _parties(crimes)
    written = scribe.registry.record(
        "crime",
        parties.key,
        crimes["crime"][parties.row],
        parties.created // DAY,
        ethnicity_missing=_ethnicity_missing(scribe, crimes, parties),
    )
    scribe.identities("crime_parties", "crime", written)
    charged = (parties.role == _SUSPECT) & crimes["charged"][parties.row]
    party, at, is_later = _versions(scribe, crimes, parties, charged)
    crime, role = parties.row[party], parties.role[party]
    is_victim = role == _VICTIM
    now_charged = is_later & charged[party]
    columns = take({name: written.frame[name] for name in written.frame.columns}, party)
    columns |= {
        "party_ref": references("P", crimes["crime"][crime]) + labels(("V", "S", "W"), role),
        "crime_ref": references("CR", crimes["crime"][crime]),
        "role": labels(_ROLES, np.where(now_charged, _CHARGED, role)),
        "created_at": instants(parties.created[party]),
        "updated_at": instants(at),
        "relationship": only(is_victim, labels(rates.RELATIONSHIPS, crimes["relationship"][crime])),
        "is_vulnerable": flags(is_victim & crimes["victim_vulnerable"][crime]),
        "mental_health_flag": flags((role == _SUSPECT) & crimes["mental_health"][crime]),
    }
    scribe.emit("crime_parties", columns, at)


def _parties(crimes: Columns) -> _Parties:
    present = {
        _VICTIM: crimes["victim"] >= 0,
        _SUSPECT: crimes["named"] & (crimes["offender"] >= 0),
        _WITNESS: crimes["witness"],
    }
    row = np.concatenate([np.flatnonzero(there) for there in present.values()])
    role = np.concatenate([np.full(int(there.sum()), role) for role, there in present.items()])
    order = np.lexsort((role, row))
    row, role = row[order], role[order]
    bystander = np.abs(crimes["crime"] * 7 + 5) % _BYSTANDERS
    key = np.choose(role, [crimes["victim"][row], crimes["offender"][row], bystander[row]])
    return _Parties(row, role, key, crimes["crime"][row] * 4 + role, crimes["created"][row] + 30 + role * 40)


def _ethnicity_missing(scribe: Scribe, crimes: Columns, parties: _Parties) -> Flags:
    of_witness = happens(0.4, scribe.seed, "witness ethnicity", parties.number)
    of_victim, of_suspect = (crimes[f"{who}_ethnicity_missing"][parties.row] for who in ("victim", "suspect"))
    return np.select([parties.role == _VICTIM, parties.role == _SUSPECT], [of_victim, of_suspect], of_witness)


def _versions(scribe: Scribe, crimes: Columns, parties: _Parties, charged: Flags) -> tuple[Ints, Ints, Flags]:
    """Which party each row shows, when it was entered, and whether it is a later version."""
    corrected = ~charged & happens(0.03, scribe.seed, "party corrected", parties.number)
    weeks_on = (uniform(scribe.seed, "corrected", parties.number) * 90 * DAY).astype(np.int64)
    later = np.where(charged, crimes["outcome_at"][parties.row], parties.created + 5 * DAY + weeks_on)
    again = np.flatnonzero((charged & (later < NEVER_SECOND)) | corrected)
    party = np.concatenate([np.arange(len(parties.row)), again])
    is_later = np.arange(len(party)) >= len(parties.row)
    at = np.where(is_later, later[party], parties.created[party])
    order = np.lexsort((at, party))
    return party[order], at[order], is_later[order]
