"""Whether the single-file verifier says what `hakari verify` says, of a thousand good and bent bundles.

Compared are the answers at the levels genuine and recomputed, who signed, the files that are named as faulty at each
level, and the verdicts that are said to rest on them. Some bundles are made from the demo's, if `--demo` names one.
`expected` is what is known from how a bundle was made: it is in order, or it must be caught.

    python bench/validity/verifiers_agree.py --out bench/validity/results --demo case/mortgage-prescreening-release.zip
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from _cells import machine, machine_line, paragraph, progress

from tests.contract.bending import Sample, bundle
from tests.contract.second_opinion import Opinion, of_hakari, of_the_file

SEED = 20_261_122
RUNS = 1_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One bundle and what both say of it."""

    sample: Sample
    hakari: Opinion
    file: Opinion
    seconds: tuple[float, float]

    @property
    def kind(self) -> str:
        """What was done to it."""
        return self.sample.name.split(" ", 1)[1].split(",")[0]

    @property
    def agree(self) -> bool:
        """Whether both say the same."""
        return self.hakari.compared == self.file.compared

    @property
    def as_made(self) -> bool:
        """Whether both say what is known from how the bundle was made."""
        wanted = self.sample.expected == "caught"
        return self.sample.expected == "any" or self.hakari.caught == self.file.caught == wanted

    def row(self) -> list[object]:
        """The bundle as a row of the JSON file."""
        return [self.sample.name, self.sample.expected, self.hakari.genuine, self.hakari.recomputed, self.hakari.signed,
                self.agree, *(round(part, 3) for part in self.seconds)]  # fmt: skip


def measured(sample: Sample) -> Cell:
    """Ask both about a bundle."""
    started = time.process_time()
    hakari = of_hakari(sample)
    between = time.process_time()
    file = of_the_file(sample)
    return Cell(sample, hakari, file, (between - started, time.process_time() - between))


def table(cells: Sequence[Cell]) -> str:
    """The figures for the docs."""
    answers = Counter((cell.hakari.genuine, cell.hakari.recomputed) for cell in cells)
    lines = ["| genuine | recomputed | bundles | of them the same from both |", "|---|---|---:|---:|"]
    for answer, number in sorted(answers.items(), key=lambda item: -item[1]):
        same = sum(cell.agree for cell in cells if (cell.hakari.genuine, cell.hakari.recomputed) == answer)
        lines.append(f"| {answer[0]} | {answer[1]} | {number:,} | {same:,} |")
    good = [cell for cell in cells if cell.sample.expected == "in order"]
    bent = [cell for cell in cells if cell.sample.expected == "caught"]
    unknown = len(cells) - len(good) - len(bent)
    kinds = len({cell.kind for cell in cells if cell.kind != "good"})
    slowest = max(cell.seconds[1] for cell in cells)
    text = f"""Of {len(cells):,} bundles ({kinds} kinds of bend, seed {SEED}) both said the same of
        {sum(cell.agree for cell in cells):,}. {len(good)} were made to be in order and
        {sum(not cell.file.caught for cell in good)} were found so; {len(bent)} must be caught and
        {sum(cell.file.caught for cell in bent)} were; of {unknown} it is not known beforehand. The single file took
        {sum(cell.seconds[1] for cell in cells) / len(cells):.2f} s of processor time for one bundle on average and
        {slowest:.0f} s at most. Made on {machine_line()}."""
    return "\n".join([*lines, "", paragraph(text), ""])


def main() -> int:
    """Run, write the results, and return 1 if the two ever differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/validity/results"))
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--quick", action="store_true", help="60 bundles")
    parser.add_argument("--demo", type=Path, help="the demo's bundle")
    options = parser.parse_args()
    started, cells = time.process_time(), []
    demo = None if options.demo is None else options.demo.read_bytes()
    runs = 60 if options.quick else options.runs
    for number in range(runs):
        cells.append(cell := measured(bundle(number, SEED, demo=demo)))
        if not (cell.agree and cell.as_made):
            print(f"--- {cell.sample.name} ({cell.sample.expected})\n{cell.hakari.compared}\n{cell.hakari.told}")
            print(f"{cell.file.compared}\n{cell.file.told}", flush=True)
        if number % 50 == 49:
            progress(f"{number + 1} of {runs}, {sum(cell.agree for cell in cells)} the same", started)
    options.out.mkdir(parents=True, exist_ok=True)
    columns = ["name", "expected", "genuine", "recomputed", "signed", "agree", "hakari_s", "file_s"]
    document = {"machine": machine(), "seed": SEED, "columns": columns, "rows": [cell.row() for cell in cells]}
    (options.out / "verifiers_agree.json").write_text(json.dumps(document, indent=0) + "\n", encoding="utf-8")
    (options.out / "verifiers_agree.md").write_text(table(cells), encoding="utf-8")
    return 0 if all(cell.agree and cell.as_made for cell in cells) else 1


if __name__ == "__main__":
    sys.exit(main())
