"""Which scopes open which methods."""

from __future__ import annotations

_BASE = "https://www.googleapis.com/auth/"
MAIL = "https://mail.google.com/"
MODIFY = _BASE + "gmail.modify"
READONLY = _BASE + "gmail.readonly"
COMPOSE = _BASE + "gmail.compose"
SEND = _BASE + "gmail.send"
INSERT = _BASE + "gmail.insert"
LABELS = _BASE + "gmail.labels"
METADATA = _BASE + "gmail.metadata"
SETTINGS = _BASE + "gmail.settings.basic"
SHARING = _BASE + "gmail.settings.sharing"
ADDON_COMPOSE = _BASE + "gmail.addons.current.action.compose"
ADDON_ACTION = _BASE + "gmail.addons.current.message.action"
ADDON_METADATA = _BASE + "gmail.addons.current.message.metadata"
ADDON_READONLY = _BASE + "gmail.addons.current.message.readonly"

ONE_MESSAGE = frozenset({ADDON_ACTION, ADDON_METADATA, ADDON_READONLY})
"""Good for the open message only, and only together with a message's own token."""

HEADERS_ONLY = frozenset({METADATA, ADDON_METADATA})
"""These show no body and allow no search."""

ALL = frozenset({MAIL})
CHANGE = ALL | {MODIFY}
READ = CHANGE | {READONLY}
READ_HEADERS = READ | {METADATA}
READ_ONE = READ_HEADERS | ONE_MESSAGE
WRITE_DRAFTS = CHANGE | {COMPOSE, ADDON_COMPOSE}
READ_DRAFTS = READ | {COMPOSE}
SENDING = WRITE_DRAFTS | {SEND}
INSERTING = CHANGE | {INSERT}
LABELLING = CHANGE | {LABELS}
READ_LABELS = READ_HEADERS | {LABELS}
READ_SETTINGS = READ | {SETTINGS}
READ_SHARED = READ_SETTINGS | {SHARING}
SET = frozenset({SETTINGS})
SHARE = frozenset({SHARING})
SET_OR_SHARE = SET | SHARE
PROFILE = READ_HEADERS | {COMPOSE}
