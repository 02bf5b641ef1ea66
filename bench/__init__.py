"""Figures of Dealthread that hold on any machine: each beside the least that the same work can cost, in one run."""
