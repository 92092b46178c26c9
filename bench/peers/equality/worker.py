"""Worker: asks one library about every data set, in its own environment.

python -m bench.peers.equality.worker fairlearn --real FOLDER --out FILE --seeds 100
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
from bench.peers.equality.samples import LARGEST, load, random_sample


def main() -> None:
    """Write {"versions": …, "answers": {data set: {metric: {slot: value}}}}."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, required=True)
    parser.add_argument("--largest", type=int, default=LARGEST)
    settings = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    np.seterr(all="ignore")
    module = importlib.import_module(f"bench.peers.equality.with_{settings.library}")
    samples = [lambda seed=seed: random_sample(seed, settings.largest) for seed in range(settings.seeds)]
    samples += [lambda path=path: load(path) for path in sorted(settings.real.glob("*.npz"))]
    answers, begin = {}, time.perf_counter()
    for place, made in enumerate(samples):
        sample = made()
        answers[sample.name] = module.values(sample)
        if place % 20 == 19 or place + 1 == len(samples):
            print(f"{settings.library}: {place + 1} of {len(samples)}, {time.perf_counter() - begin:.0f} s", flush=True)
    versions = {package: version(package) for package in module.PACKAGES}
    settings.out.write_text(json.dumps({"versions": versions, "answers": answers}), encoding="utf-8")


if __name__ == "__main__":
    main()
