"""What can be wrong with an add-on's answer, as codes; the words stand in the catalogue under `sandbox.trouble`."""

from __future__ import annotations

from typing import Any


class AddonTrouble(Exception):
    """Google shows its error panel. `code` and `params` say why, for the add-on's developer."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class NoAnswer(AddonTrouble):
    """The add-on did not answer, or not with a 2xx and JSON."""


class UnknownAnswer(AddonTrouble):
    """A 2xx answer that Google would not understand."""
