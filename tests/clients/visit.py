"""`python3 tests/clients/visit.py [client...]`: see tour.py. Runs it in the environment that run.py made."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"

if not PYTHON.exists():
    sys.exit("There is no .venv yet: `python3 run.py test tests/test_house.py` makes it, then come again.")
os.chdir(ROOT)
os.execv(PYTHON, [str(PYTHON), "-m", "tests.clients.tour", *sys.argv[1:]])
