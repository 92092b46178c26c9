"""Write the subjects of the mortgage example into the office's demonstration, from the folder that `hakari demo` made.

hakari demo --folder hakari-demo
python bench/office/demo_subjects.py hakari-demo
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

from hakari.office.registry.scope import read_subjects, stored


def main(folder: Path) -> None:
    """Take subjects and use from the plan in `folder`."""
    plan = folder / ".hakari" / "plan.json"
    subjects, use = read_subjects(plan.read_bytes(), what=plan.name)
    path = Path(str(files("hakari").joinpath("office", "desk", "demo", "mortgage.json")))
    document = {"subjects": stored(subjects), "use": use}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
