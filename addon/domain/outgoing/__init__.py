"""The ledger of mails that are due: each goes out exactly once, whatever crashes (law 5).

    due -C0-> claimed -[drafts.create]-C1-> permitted -[drafts.send]-C2-> sent

`claiming` is C0, `permitting` is C1 with its recalls, `proving` is C2 and everything that settles what became of a
permitted mail, `sweeping` finds drafts that nobody's permit names. No function here calls Gmail: the worker does,
between these commits.
"""
