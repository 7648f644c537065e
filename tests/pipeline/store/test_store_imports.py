"""What opening a database loads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent.parent
CODE = """
import sys
from pipeline.store import open_store
print(*sorted({"pandas", "numpy", "pyarrow"} & set(sys.modules)))
import pandas
print(pandas.Series([1]).sum())
"""


def test_the_store_loads_no_data_frames_and_leaves_them_to_others() -> None:
    pytest.importorskip("pandas")
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=30, check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout == "\n1\n"
