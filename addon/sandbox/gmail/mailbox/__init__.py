"""What a mailbox holds and does: messages, threads, labels, drafts, history, sending, search."""
