"""Recourse against dice-ml: the same refused applicants, the same model, the same constraints, the same prices.

    python bench/explanation/recourse.py --out bench/explanation/results     # 500 rows
    python bench/explanation/recourse.py --quick --out FOLDER                # 40 rows
    python bench/explanation/recourse.py --peer-python PATH                  # an environment of dice-ml that is there

Without `--peer-python` an environment is made from `requirements/dice.txt` and found again the next time. The model is
that of the mortgage example, the rows are those that it does not send to the fast lane, drawn with replacement. dice-ml
is given, row by row, the columns that may vary and their ranges, narrowed to the allowed direction; what follows from
other columns is calculated inside the model that it asks, so that it faces the same problem. It knows no step sizes:
these rules are dropped for both. Everything that either shows is asked again, checked and priced by the same code.
Times are of the search alone, without reading, fitting and checking. The exact cheapest change is known for the model
without derived columns (its log-odds add up): a mixed-integer programme says how far ours is from it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLE = ROOT / "src" / "hakari" / "examples" / "mortgage"
METHODS = ("random", "genetic", "kdtree")
SEED = 20261122
COUNT = 3
THRESHOLD = 0.80
CATEGORICAL = ("term_months",)
ROW_SECONDS = 60.0
"""A row of the peer is given up after this: its genetic method was seen to stay with one row for ten minutes."""


def world() -> tuple[Any, Any, Any]:
    """Return the example's training module, its complete rows and its model, fitted on half of them."""
    from sklearn.model_selection import train_test_split

    spec = importlib.util.spec_from_file_location("train", EXAMPLE / "train.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # dice-ml does not take missing values: four applications without a term and four without units are left out.
    table = module.load().dropna(subset=list(module.FEATURES))
    strata = table["race"] + table["approved"].astype(str)
    train, _ = train_test_split(table, test_size=module.TEST_SHARE, random_state=module.SEED, stratify=strata)
    return module, table, module.fit(train)


def constraint_file(*, steps: bool, derived: bool = True) -> Any:
    """Return the example's constraints, without steps or derived columns where asked."""
    import yaml

    from hakari.measures._constraints import read_constraints

    content = yaml.safe_load((EXAMPLE / "constraints.yaml").read_text("utf-8"))
    if not steps:
        for rule in content["columns"].values():
            rule.pop("step", None)
    if not derived:
        content.pop("derived")
        content["columns"]["housing_share"] = {"immutable": True}
    return read_constraints(content, source="constraints.yaml")


def drawn(module: Any, table: Any, model: Any, rows: int) -> Any:
    """Return refused rows, drawn with replacement."""
    names = list(module.FEATURES)
    refused = table[model.predict_proba(table[names])[:, 1] < THRESHOLD]
    place = np.random.default_rng(SEED).integers(0, len(refused), rows)
    return refused.iloc[place][names].reset_index(drop=True), len(refused)


def features_of(table: Any, names: list[str]) -> Any:
    """Return a frame as the rows that the search takes."""
    from hakari.measures.explanation import Features

    return Features({name: table[name].to_numpy() for name in names})


def room_of(on: Any, row: Any, background: Any) -> tuple[list[str], dict[str, Any]]:
    """Return what dice-ml may vary in a row, and between which limits."""
    vary: list[str] = []
    ranges: dict[str, Any] = {}
    for name in on.actionable:
        rule, now = on.rule(name), float(row[name])
        if name in CATEGORICAL:
            vary.append(name)
            ranges[name] = [str(int(each)) for each in rule.levels]
            continue
        low = background[name].min() if rule.low is None else rule.low
        high = background[name].max() if rule.high is None else rule.high
        low, high = (
            (max(low, now) if rule.monotone == "up" else low),
            (min(high, now) if rule.monotone == "down" else high),
        )
        reach = on.reach(name, np.array([now]))
        if reach is not None:
            low, high = max(low, now - float(reach[0])), min(high, now + float(reach[0]))
        if name == "debt_share":
            # The one rule between columns that a range can say as well.
            low = max(low, min(float(row["housing_share"]), now))
        if low < high:
            vary.append(name)
            ranges[name] = [float(low), float(high)]
    return vary, ranges


# --- what runs in the peer's environment ---


class Following:
    """The model with what follows from other columns calculated before it is asked.

    Its odds are shifted so that the fast lane begins at one half: parts of dice-ml know no other threshold.
    """

    def __init__(self, model: Any, names: list[str], on: Any) -> None:
        self.model, self.names, self.on = model, names, on
        self.before: dict[str, float] | None = None
        self.classes_ = np.array([0, 1])
        self.asked = 0

    def predict_proba(self, table: Any) -> Any:
        import pandas as pd

        table = pd.DataFrame(table, columns=self.names)
        self.asked += len(table)
        after = {name: table[name].to_numpy().astype(float) for name in self.names}
        if self.before is not None:
            before = {name: np.full(len(table), self.before[name]) for name in self.names}
            after = self.on.project(before, after)
        score = np.clip(self.model.predict_proba(pd.DataFrame(after))[:, 1], 1e-12, 1 - 1e-12)
        odds = score / (1 - score) * (1 - THRESHOLD) / THRESHOLD
        return np.column_stack([1 / (1 + odds), odds / (1 + odds)])

    def predict(self, table: Any) -> Any:
        return (self.predict_proba(table)[:, 1] >= 0.5).astype(int)


def _too_long(*_: Any) -> None:
    raise TimeoutError(f"nothing within {ROW_SECONDS:.0f} s")


def run_peer(method: str, folder: Path, seconds: float) -> None:
    """Ask dice-ml for changes of each row until the time is up, and write them down."""
    import warnings
    from importlib.metadata import version

    import dice_ml
    import pandas as pd

    from hakari.measures._constraints import bind_constraints

    warnings.simplefilter("ignore")
    module, table, model = world()
    names = list(module.FEATURES)
    on = bind_constraints(constraint_file(steps=False), {name: table[name].to_numpy() for name in names})
    following = Following(model, names, on)
    rows = pd.read_csv(folder / "rows.csv")
    known = table[names].copy()
    for frame in (known, rows):
        frame[list(CATEGORICAL)] = frame[list(CATEGORICAL)].astype(int).astype(str)
    known["decision"] = (model.predict_proba(table[names])[:, 1] >= THRESHOLD).astype(int)
    data = dice_ml.Data(
        dataframe=known,
        continuous_features=[name for name in names if name not in CATEGORICAL],
        outcome_name="decision",
    )
    explainer = dice_ml.Dice(data, dice_ml.Model(model=following, backend="sklearn"), method=method)
    signal.signal(signal.SIGALRM, _too_long)
    shown: list[list[dict[str, float]]] = []
    times: list[float] = []
    began = time.perf_counter()
    options: dict[str, Any] = {"random_seed": SEED} if method == "random" else {}
    failures: dict[str, int] = {}
    for place in range(len(rows)):
        query = rows.iloc[[place]]
        vary, ranges = room_of(on, query.iloc[0], table)
        following.before = {name: float(query.iloc[0][name]) for name in names}
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, ROW_SECONDS)
        try:
            found = explainer.generate_counterfactuals(
                query,
                total_CFs=COUNT,
                desired_class=1,
                features_to_vary=vary,
                permitted_range=ranges,
                verbose=False,
                **options,
            )
            frame = found.cf_examples_list[0].final_cfs_df
            if frame is not None and found.cf_examples_list[0].final_cfs_df_sparse is not None:
                # What it shows by default: changes that are not needed are taken back.
                frame = found.cf_examples_list[0].final_cfs_df_sparse
        except Exception as error:  # noqa: BLE001
            # "No counterfactuals found" is an exception of its own, and so are failures inside a method.
            frame = None
            failures[f"{type(error).__name__}: {error}"[:120]] = (
                failures.get(f"{type(error).__name__}: {error}"[:120], 0) + 1
            )
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        times.append(time.perf_counter() - start)
        shown.append([] if frame is None else frame[names].astype(float).to_dict("records"))
        if place % 20 == 0:
            print(f"dice-ml {method}: {place + 1} of {len(rows)} rows, {sum(times):.0f} s", flush=True)
        if time.perf_counter() - began > seconds:
            break
    out = {
        "times": times,
        "shown": shown,
        "asked": following.asked,
        "failures": failures,
        "version": version("dice-ml"),
    }
    (folder / f"{method}.json").write_text(json.dumps(out), "utf-8")


# --- what runs here ---


def judged(on: Any, asked: Any, rows: Any, names: list[str], shown: list[list[dict[str, float]]]) -> dict[str, Any]:
    """Ask again about everything shown for the first rows, check it and price it."""
    from hakari.measures.explanation import Features

    place = np.array([row for row, each in enumerate(shown) for _ in each], dtype=int)
    after = {name: np.array([change[name] for each in shown for change in each]) for name in names}
    before = features_of(rows, names).take(place).columns
    best = np.full(len(shown), np.inf)
    if not len(place):
        return {"shown": 0, "wanted": 0.0, "within": 0.0, "best": best}
    after = on.project(before, after)
    wanted = asked(Features(after)) >= THRESHOLD
    violations = on.check(before, after)
    sound = wanted & ~violations.rows
    np.minimum.at(best, place[sound], on.cost(before, after)[sound])
    broken = {str(rule): int(column.sum()) for rule, column in zip(violations.rules, violations.broken.T, strict=True)}
    return {
        "shown": len(place), "wanted": float(wanted.mean()), "within": float((~violations.rows).mean()),
        "sound": float(sound.mean()), "broken": broken, "best": best,
    }  # fmt: skip


def ours(asked: Any, rows: Any, background: Any, file: Any) -> tuple[Any, float, list[list[dict[str, float]]]]:
    """Run our search; return it, its seconds, and what it shows as whole rows."""
    from hakari.measures.explanation.recourse import find_recourse

    began = time.perf_counter()
    found = find_recourse(
        asked, rows, background, file, threshold=THRESHOLD, rng=np.random.default_rng(SEED), count=COUNT
    )
    seconds = time.perf_counter() - began
    start = [{name: float(values[row]) for name, values in rows.columns.items()} for row in range(rows.rows)]
    shown = [
        [start[row] | {name: float(value) for name, value in change.values.items()} for change in each]
        for row, each in enumerate(found.alternatives)
    ]
    return found, seconds, shown


def exact(model: Any, rows: Any, names: list[str], on: Any) -> Any:
    """Return the cost of the cheapest change of each row, by a mixed-integer programme; infinite where none exists."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    weights = dict(zip(names, model[-1].coef_[0] / model[-2].scale_, strict=True))
    scores = model.predict_proba(rows)[:, 1]
    costs = np.full(len(rows), np.inf)
    for place in range(len(rows)):
        row = rows.iloc[place]
        price, gain, most, choice, debt = (list[float]() for _ in range(5))
        for name in on.actionable:
            rule, now = on.rule(name), float(row[name])
            if rule.levels:
                for level in (each for each in rule.levels if each != now):
                    parts = (on.amount(name), weights[name] * (level - now), 1, 1, 0.0)
                    for column, value in zip((price, gain, most, choice, debt), parts, strict=True):
                        column.append(value)
                continue
            step, up = rule.step or 1.0, rule.monotone == "up"
            room = ((rule.high if up else rule.low) - now) * (1 if up else -1)
            reach = on.reach(name, np.array([now]))
            room = room if reach is None else min(room, float(reach[0]))
            unit = on.unit(name)
            price.append(on.amount(name) * (1.0 if np.isinf(unit) else step / unit))
            gain.append(weights[name] * step * (1 if up else -1))
            most.append(max(np.floor(room / step + 1e-9), 0))
            choice.append(0)
            debt.append((step if up else -step) if name == "debt_share" else 0.0)
        need = np.log(THRESHOLD / (1 - THRESHOLD)) - np.log(scores[place] / (1 - scores[place]))
        lower = [need, -np.inf, min(row["housing_share"] - row["debt_share"], 0.0)]
        found = milp(
            price, constraints=LinearConstraint([gain, choice, debt], lower, [np.inf, 1, np.inf]),
            integrality=np.ones(len(price), dtype=int), bounds=Bounds(0, most), options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        costs[place] = found.fun if found.status == 0 else np.inf
    return costs


def compared(own: Any, peer: dict[str, Any], own_seconds: float, seen: dict[str, Any], count: int) -> dict[str, Any]:
    """One line of the table: the peer on the rows that it reached, ours on the same ones."""
    rows = len(seen["times"])
    mine, theirs = own[:rows], peer["best"]
    both = np.isfinite(mine) & np.isfinite(theirs)
    seconds = float(np.sum(seen["times"]))
    return {
        "rows": rows, "seconds": seconds, "seconds_all": seconds * count / rows, "shown": peer["shown"],
        "wanted": peer["wanted"], "within": peer["within"], "sound": peer.get("sound", 0.0),
        "broken": peer.get("broken", {}), "reached": float(np.isfinite(theirs).mean()),
        "ours_reached": float(np.isfinite(mine).mean()), "both": int(both.sum()),
        "median": float(np.median(theirs[both])) if both.any() else None,
        "ours_median": float(np.median(mine[both])) if both.any() else None,
        "cheaper": float((mine[both] <= theirs[both] + 1e-9).mean()) if both.any() else None,
        "only_peer": int((np.isfinite(theirs) & ~np.isfinite(mine)).sum()), "asked": seen["asked"],
        "ratio": seconds * count / rows / own_seconds, "version": seen["version"], "failures": seen["failures"],
    }  # fmt: skip


def peers(arguments: argparse.Namespace, folder: Path, rows: Any) -> dict[str, Any]:
    """Run each method of dice-ml in its own environment; return what it wrote."""
    python = arguments.peer_python
    if python is None:
        sys.path.insert(0, str(ROOT / "bench" / "peers"))
        from environments import default_folder, prepare_one

        python = prepare_one(default_folder(), "dice", HERE / "requirements" / "dice.txt")
    rows.to_csv(folder / "rows.csv", index=False)
    found = {}
    limit = 30.0 if arguments.quick else arguments.seconds
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["TQDM_DISABLE"] = "1"
    for method in METHODS:
        command = [
            str(python),
            str(HERE / "recourse.py"),
            "--peer",
            method,
            "--exchange",
            str(folder),
            "--seconds",
            str(limit),
        ]
        subprocess.run(command, check=True, env=environment)
        found[method] = json.loads((folder / f"{method}.json").read_text("utf-8"))
    return found


def page(result: dict[str, Any], sentence: str) -> str:
    """The result as a page."""
    own = result["ours"]
    lines = [
        "# Recourse: ours and dice-ml",
        "",
        f"{result['rows']} refused applicants of the mortgage example ({result['refused']} different ones, drawn with "
        f"replacement), logistic regression, threshold {THRESHOLD}, {COUNT} alternatives a row, constraints of "
        "`examples/mortgage/constraints.yaml` without its steps.",
        "",
        "| | rows | with a valid change | shown | decided as wanted | within the constraints | seconds, all rows |",
        "|---|---|---|---|---|---|---|",
        f"| Hakari | {result['rows']} | {own['reached']:.1%} | {own['shown']} | {own['wanted']:.1%} | "
        f"{own['within']:.1%} | {own['seconds']:.1f} |",
    ]
    for method, each in result["peers"].items():
        note = "" if each["rows"] == result["rows"] else f" (extrapolated from {each['rows']} rows)"
        lines.append(
            f"| dice-ml {method} | {each['rows']} | {each['reached']:.1%} | {each['shown']} | {each['wanted']:.1%} "
            f"| {each['within']:.1%} | {each['seconds_all']:.0f}{note} |"
        )
    lines += [
        "",
        "A change is valid if the model, asked again, decides as wanted and no constraint is broken. Costs on the rows "
        "where both have a valid change, cheapest of those shown:",
        "",
        "| against | rows with both | median cost | ours | ours not dearer | valid only there | time, ours = 1 |",
        "|---|---|---|---|---|---|---|",
    ]
    for method, each in result["peers"].items():
        costs = ("–", "–", "–") if each["median"] is None else (
            f"{each['median']:.3f}", f"{each['ours_median']:.3f}", f"{each['cheaper']:.1%}"
        )  # fmt: skip
        lines.append(
            f"| dice-ml {method} | {each['both']} | {costs[0]} | {costs[1]} | {costs[2]} | "
            f"{each['only_peer']} | {each['ratio']:.0f} |"
        )
    gap = result["exact"]
    lines += [
        "",
        "How far from the cheapest change there is (steps kept, derived columns held; mixed-integer programme): a "
        f"change exists for {gap['exist']} of {gap['rows']} applicants, ours found {gap['found']}; {gap['same']:.1%} "
        f"cost the same, on average {gap['mean']:.2%} more, at most {gap['worst']:.1%} more.",
        "",
        f"dice-ml {next(iter(result['peers'].values()))['version']}; {sentence}" if result["peers"] else sentence,
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run both and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--quick", action="store_true", help="40 rows, half a minute for each method of the peer")
    parser.add_argument(
        "--seconds", type=float, default=600.0, help="for each method of the peer; beyond it is extrapolated"
    )
    parser.add_argument("--peer-python", type=Path, help="Python of an environment with dice-ml")
    parser.add_argument("--peer", choices=METHODS, help=argparse.SUPPRESS)
    parser.add_argument("--exchange", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        run_peer(arguments.peer, arguments.exchange, arguments.seconds)
        return
    sys.path.insert(0, str(ROOT / "bench" / "peers"))
    import tempfile

    from machine import describe, sentence

    from hakari.measures._constraints import bind_constraints
    from hakari.measures.explanation import ask

    about = describe(ROOT)
    module, table, model = world()
    names = list(module.FEATURES)
    rows, refused = drawn(module, table, model, 40 if arguments.quick else 500)
    asked, background = ask(model, names=names), features_of(table, names)
    file = constraint_file(steps=False)
    on = bind_constraints(file, background.columns)
    found, seconds, shown = ours(asked, features_of(rows, names), background, file)
    own = judged(on, asked, rows, names, shown)
    best = own.pop("best")
    print(f"ours: {len(rows)} rows, {seconds:.1f} s, {found.cost.model_rows:,} model rows", flush=True)
    stepped = constraint_file(steps=True, derived=False)
    distinct = rows.drop_duplicates()
    steps, _, _ = ours(asked, features_of(distinct, names), background, stepped)
    least, reached = exact(model, distinct, names, bind_constraints(stepped, background.columns)), steps.costs
    both = np.isfinite(least) & np.isfinite(reached)
    more = reached[both] / least[both] - 1
    statuses = {each: found.statuses.count(each) for each in sorted(set(found.statuses))}
    result: dict[str, Any] = {
        "machine": about, "rows": len(rows), "refused": refused, "seed": SEED,
        "ours": {**own, "reached": float(np.isfinite(best).mean()), "seconds": seconds,
                 "asked": found.cost.model_rows,
                 "median": float(np.median(best)), "statuses": statuses},
        "exact": {"rows": len(distinct), "exist": int(np.isfinite(least).sum()),
                  "found": int(np.isfinite(reached).sum()),
                  "same": float((more < 1e-6).mean()), "mean": float(more.mean()), "worst": float(more.max())},
        "peers": {},
    }  # fmt: skip
    print(json.dumps(result["exact"]), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for method, seen in peers(arguments, Path(folder), rows).items():
            peer = judged(on, asked, rows, names, seen["shown"])
            result["peers"][method] = compared(best, peer, seconds, seen, len(rows))
            print(method, json.dumps(result["peers"][method]), flush=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "recourse.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", "utf-8")
    (arguments.out / "recourse.md").write_text(page(result, sentence(about)), "utf-8")


if __name__ == "__main__":
    main()
