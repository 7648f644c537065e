"""Environments of the other contestants, in .bench/: made on the first run, each from a list of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def environment(name: str, *, needs: str | None = None) -> Path:
    """Return the interpreter of an environment; it is made if it is missing or old.

    `requirements/bench-NAME.txt` lists what is in it; `needs` is a line that must stand there.
    """
    requirements, folder = ROOT / f"requirements/bench-{name}.txt", ROOT / ".bench" / name
    listed = requirements.read_text(encoding="utf-8")
    if needs is not None and needs not in listed.splitlines():
        raise SystemExit(f"{requirements.relative_to(ROOT)} should have {needs}, as gisa has")
    python, made_of = folder / "bin/python", folder / "made-of.txt"
    wanted = f"# Python {sys.version.split()[0]}\n{listed}"
    if python.exists() and made_of.exists() and made_of.read_text(encoding="utf-8") == wanted:
        return python
    print(f"making {folder.relative_to(ROOT)} ...", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([str(python), *install, "-r", str(requirements)], check=True)
    made_of.write_text(wanted, encoding="utf-8")
    return python
