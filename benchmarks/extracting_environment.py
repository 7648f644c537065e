"""The environment of the other extractors, in .bench/: made on the first run, from a list of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
_REQUIREMENTS = ROOT / "requirements/bench-extract.txt"
_ENVIRONMENT = ROOT / ".bench/extract"


def environment() -> Path:
    """Return its interpreter; it is made if it is missing or old."""
    listed = _REQUIREMENTS.read_text(encoding="utf-8")
    own = f"selectolax=={version('selectolax')}"
    if own not in listed.splitlines():
        raise SystemExit(f"{_REQUIREMENTS.relative_to(ROOT)} should have {own}, as gisa has")
    python, made_of = _ENVIRONMENT / "bin/python", _ENVIRONMENT / "made-of.txt"
    wanted = f"# Python {sys.version.split()[0]}\n{listed}"
    if python.exists() and made_of.exists() and made_of.read_text(encoding="utf-8") == wanted:
        return python
    print(f"making {_ENVIRONMENT.relative_to(ROOT)} ...", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(_ENVIRONMENT)], check=True)
    (_ENVIRONMENT / ".gitignore").write_text("*\n", encoding="utf-8")
    install = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([str(python), *install, "-r", str(_REQUIREMENTS)], check=True)
    made_of.write_text(wanted, encoding="utf-8")
    return python
