"""Folders that are not Python but travel with it: pages and the Workspace manifest."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def place(name: str) -> Path:
    """The folder of that name: inside the package where a wheel is installed, beside it in a checkout.

    Raises FileNotFoundError where neither is there.
    """
    package = Path(str(files("addon")))
    # Inside first: beside an installed package lies site-packages, where such a name may be somebody else's.
    for folder in (package / "_shipped" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"Dealthread's folder {name!r} is missing: neither in {package} nor beside it")
