"""The argument that names a campaign."""

from __future__ import annotations

import click

LARGEST = 2**31 - 1
"""Of numbers that every database takes."""

the_campaign = click.argument("campaign_id", metavar="ID", type=click.IntRange(0, LARGEST))
