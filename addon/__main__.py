"""`python -m addon` is the command `dealthread`."""

from __future__ import annotations

from addon.cli import main

if __name__ == "__main__":
    main()
