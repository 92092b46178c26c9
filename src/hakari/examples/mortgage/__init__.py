"""A mortgage pre-screening tool, as its engineer keeps it: training script, manifest and answers.

`train.py` knows nothing of Hakari. It writes two CSV files and a model; `hakari.yaml` names them.
"""

__all__: list[str] = []
