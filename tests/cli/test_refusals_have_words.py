"""Whatever the domain refuses, there are words for it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from pathlib import Path

import addon
import addon.domain
from addon.cli.words import say
from addon.domain.campaigns.audience import Part, Skip
from addon.domain.errors import DomainError
from addon.domain.pipelines import templates
from addon.domain.templates import rendering
from addon.i18n import catalogue

ROOT = Path(addon.__file__).parent


def every_refusal(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    yield base
    for child in base.__subclasses__():
        yield from every_refusal(child)


def import_everything() -> None:
    for package in (addon.domain,):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    importlib.import_module("addon.sidebar.deployment")


def test_every_refusal_of_the_domain_has_a_text():
    import_everything()

    wordless = sorted({refusal.code for refusal in every_refusal()} - set(catalogue("en")))

    assert not wordless


def test_every_code_that_is_spelled_out_in_the_domain_has_a_text():
    spelled = {
        code
        for room in ("templates", "tables", "campaigns")
        for file in (ROOT / "domain" / room).glob("*.py")
        for code in re.findall(r'"((?:templates|tables)\.[a-z_]+)"', file.read_text())
    }
    forbidden = {f"templates.forbidden_{word}" for word in {*rendering._FORBIDDEN.values(), "other", "name"}}

    assert len(spelled) > 20
    assert not (spelled | forbidden) - set(catalogue("en"))


def test_every_reason_to_skip_somebody_and_every_stage_has_a_name():
    stages = {*templates.FRESH, *templates.OUTBOUND, *templates.AFTER_SALES}
    keys = [
        *(f"campaigns.skip.{reason}" for reason in Skip),
        *(f"campaigns.part.{part}" for part in Part),
        *(f"stages.{stage.key}" for stage in stages),
    ]

    assert not [key for key in keys if not say.has(key)]


def test_every_text_of_the_command_line_can_be_filled():
    fields = {"n": 2}
    for key, text in catalogue("en").items():
        if key.split(".")[0] in ("cli", "errors", "templates", "tables", "campaigns"):
            for form in [text] if isinstance(text, str) else text.values():
                names = {name for _, name, _, _ in string.Formatter().parse(form) if name}
                assert form.format(**dict.fromkeys(names, "x"), **({} if "n" in names else fields))
