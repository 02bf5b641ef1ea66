"""The tables of the simulated Gmail: one SQLite file holds everything that must survive a restart.

A message's row number *is* its Gmail id (a rising 63-bit number, shown as 16 hex digits), so that new mail is appended
and no number is ever used twice. Its `place` is where it stands in listings: the date and, within one millisecond, the
order of arrival. Messages with the very same labels share a `shelf`, so that whatever labels a listing asks for, it
reads its page from a few shelves and nothing else. What Gmail counts is counted as it changes: mails by shelf, threads
in `tallies`. `traces` finds the history of one kind or label. The words of a mail are indexed when somebody searches,
not when it is sent: in a table for each mailbox, made then.
"""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS accounts (
    number INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, sub TEXT NOT NULL UNIQUE,
    history INTEGER NOT NULL, history_floor INTEGER NOT NULL, labels INTEGER NOT NULL DEFAULT 0,
    arrived INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS send_as (
    account INTEGER NOT NULL REFERENCES accounts, email TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',
    reply_to TEXT NOT NULL DEFAULT '', signature TEXT NOT NULL DEFAULT '', is_primary INTEGER NOT NULL DEFAULT 0,
    is_default INTEGER NOT NULL DEFAULT 0, verified INTEGER NOT NULL DEFAULT 1, receives INTEGER NOT NULL DEFAULT 1,
    treat_as_alias INTEGER NOT NULL DEFAULT 1, relay TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, email)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS send_as_by_email ON send_as (email);
CREATE TABLE IF NOT EXISTS preferences (
    account INTEGER NOT NULL REFERENCES accounts, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (account, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS filters (
    number INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL REFERENCES accounts, id TEXT NOT NULL,
    criteria TEXT NOT NULL, action TEXT NOT NULL,
    UNIQUE (account, id)
);
CREATE TABLE IF NOT EXISTS forwarding_addresses (
    account INTEGER NOT NULL REFERENCES accounts, email TEXT NOT NULL, verified INTEGER NOT NULL, code TEXT NOT NULL,
    PRIMARY KEY (account, email)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS delegates (
    account INTEGER NOT NULL REFERENCES accounts, email TEXT NOT NULL,
    PRIMARY KEY (account, email)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vacation_answers (
    account INTEGER NOT NULL REFERENCES accounts, sender TEXT NOT NULL, date INTEGER NOT NULL,
    PRIMARY KEY (account, sender)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS departures (
    account INTEGER NOT NULL REFERENCES accounts, date INTEGER NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY (account, date, message)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS labels (
    account INTEGER NOT NULL REFERENCES accounts, id TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (account, id), UNIQUE (account, folded)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts, thread INTEGER NOT NULL,
    date INTEGER NOT NULL, history INTEGER NOT NULL, size INTEGER NOT NULL, rfc_id TEXT NOT NULL, topic TEXT NOT NULL,
    labels TEXT NOT NULL, place INTEGER NOT NULL, shelf INTEGER NOT NULL, snippet TEXT
);
CREATE INDEX IF NOT EXISTS messages_by_place ON messages (account, place);
CREATE INDEX IF NOT EXISTS messages_by_shelf ON messages (shelf, place, thread);
CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (account, thread, date, id);
CREATE INDEX IF NOT EXISTS messages_by_rfc_id ON messages (account, rfc_id);
CREATE TABLE IF NOT EXISTS contents (
    message INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE, raw BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS shelves (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts, labels TEXT NOT NULL,
    messages INTEGER NOT NULL,
    UNIQUE (account, labels)
);
CREATE TABLE IF NOT EXISTS tallies (
    account INTEGER NOT NULL, label TEXT NOT NULL, threads INTEGER NOT NULL, unread INTEGER NOT NULL,
    PRIMARY KEY (account, label)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS thread_labels (
    account INTEGER NOT NULL, thread INTEGER NOT NULL, label TEXT NOT NULL, messages INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    PRIMARY KEY (account, thread, label)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS drafts (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts, message INTEGER NOT NULL UNIQUE
);

CREATE TABLE IF NOT EXISTS history (
    account INTEGER NOT NULL REFERENCES accounts, id INTEGER NOT NULL, kind TEXT NOT NULL, message INTEGER NOT NULL,
    thread INTEGER NOT NULL, labels TEXT NOT NULL, changed TEXT NOT NULL,
    PRIMARY KEY (account, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS traces (
    account INTEGER NOT NULL, label TEXT NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (account, label, kind, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS outside (
    number INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, sender TEXT NOT NULL, message INTEGER NOT NULL,
    rfc_id TEXT NOT NULL, subject TEXT NOT NULL, date INTEGER NOT NULL, raw BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS outside_by_recipient ON outside (recipient);

CREATE TABLE IF NOT EXISTS watches (
    account INTEGER PRIMARY KEY REFERENCES accounts, topic TEXT NOT NULL, labels TEXT NOT NULL,
    excluding INTEGER NOT NULL, expires INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS clients (id TEXT PRIMARY KEY, secret TEXT NOT NULL, redirect_uris TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS grants (
    token TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts, client TEXT NOT NULL, scopes TEXT NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS grants_by_account ON grants (account, client);
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts, client TEXT NOT NULL,
    redirect_uri TEXT NOT NULL, scopes TEXT NOT NULL, challenge TEXT NOT NULL, nonce TEXT NOT NULL,
    refresh INTEGER NOT NULL, expires REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts, scopes TEXT NOT NULL, expires REAL NOT NULL,
    message INTEGER, refresh_token TEXT
);
CREATE INDEX IF NOT EXISTS tokens_by_account ON tokens (account);
CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, private TEXT NOT NULL, certificate TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS loads (
    account INTEGER NOT NULL REFERENCES accounts, source TEXT NOT NULL, place TEXT NOT NULL, done INTEGER NOT NULL,
    messages INTEGER NOT NULL, broken INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS load_troubles (
    account INTEGER NOT NULL, source TEXT NOT NULL, place TEXT NOT NULL, why TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS load_threads (
    account INTEGER NOT NULL, key INTEGER NOT NULL, thread INTEGER NOT NULL, PRIMARY KEY (account, key)
) WITHOUT ROWID;
"""

LATER_COLUMNS = (
    ("send_as", "receives", "INTEGER NOT NULL DEFAULT 1"),
    ("send_as", "treat_as_alias", "INTEGER NOT NULL DEFAULT 1"),
    ("send_as", "relay", "TEXT NOT NULL DEFAULT ''"),
    ("send_as", "code", "TEXT NOT NULL DEFAULT ''"),
)
"""Table, column and kind of what older files lack; added when such a file is opened."""

WORDS = """
CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5(
    sender, receiver, cc, bcc, subject, body, filename, list, delivered, traits, content='', tokenize='unicode61'
)
"""
"""The words of one mailbox; a row's number is the place of its message."""
