"""A file of rows becomes deals, people or companies: looked at, mapped, taken in by slices, undone as one act."""
