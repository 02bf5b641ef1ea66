"""Campaigns: writing, plan, sending, outcomes."""
