"""Which mail a demo's folder holds, and whose: chosen at the first start, the same at every later one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from addon.sandbox.folder import Folder, FolderRefused, write_private
from addon.sandbox.own_mail.owner import is_address, name_from, owner_of
from addon.sandbox.own_mail.parts import MailRefused
from addon.sandbox.own_mail.source import Source


@dataclass(frozen=True)
class OwnMail:
    """A person's export, where it lies, and who the person is."""

    path: str
    email: str
    name: str

    def source(self) -> Source | None:
        """The export; None where it has gone since it was chosen: what was loaded stays."""
        try:
            return Source(Path(self.path))
        except MailRefused:
            return None


def choose(folder: Folder, path: Path | None, me: str) -> OwnMail | None:
    """What this folder's demo loads: what was chosen before, else `path` with the mail of `me` or of whoever it shows.

    None for a demo without a person's own mail. Raises MailRefused, and FolderRefused where the folder holds another.
    """
    kept = _kept(folder)
    me = me.strip().lower()
    if me and not is_address(me):
        raise MailRefused("me_odd", email=me)
    if path is None:
        if me and kept is None:
            raise MailRefused("me_alone")
        return kept
    path = path.resolve()
    if kept is not None:
        if Path(kept.path) != path or (me and me != kept.email):
            raise FolderRefused("mail_other", folder=folder.path, path=kept.path, email=kept.email)
        Source(path)  # whoever names it should hear what is wrong with it
        return kept
    if folder.is_filled():
        raise FolderRefused("mail_late", folder=folder.path)
    return _chosen(folder, path, me)


def _chosen(folder: Folder, path: Path, me: str) -> OwnMail:
    email, name = owner_of(Source(path).found())
    if me and me != email:
        email, name = me, ""
    if not email:
        raise MailRefused("me_unknown", path=path)
    own = OwnMail(str(path), email, name or name_from(email))
    try:
        write_private(folder.mail, json.dumps(asdict(own)))
    except OSError as trouble:
        raise FolderRefused("unusable", folder=folder.path, why=trouble.strerror or trouble) from None
    return own


def _kept(folder: Folder) -> OwnMail | None:
    if not folder.mail.exists():
        return None
    try:
        return OwnMail(**json.loads(folder.mail.read_text(encoding="utf-8")))
    except (ValueError, TypeError, OSError):
        raise FolderRefused("damaged", folder=folder.path, file=folder.mail) from None
