"""Pipelines and stages: what a deal passes through. Definitions are dated."""
