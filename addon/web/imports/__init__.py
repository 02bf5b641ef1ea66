"""Lists that are taken in: upload, preview, mapping, progress, undo."""
