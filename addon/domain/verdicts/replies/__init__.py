"""The new text of a reply, without what was quoted, signed and appended."""
