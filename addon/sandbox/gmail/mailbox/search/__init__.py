"""The search box: words and fields to a tree, a tree to SQL, and the index of words behind it."""
