"""A Gmail that runs on this machine: mailboxes, REST v1, OAuth, pushes, and faults on request.

    gmail = Gmail("mail.sqlite")
    gmail.accounts.add("anna@halyard.example", name="Anna Kowalczyk")
    with serve(gmail) as server:
        print(server.url)

It stands alone: of the rest of the house it knows the clock and the settings only.
"""

from __future__ import annotations

from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.mailbox.sending import Delivered, Sent
from addon.sandbox.gmail.wire.server import PortInUse, Server, serve

__all__ = ["Delivered", "Gmail", "PortInUse", "Sent", "Server", "serve"]
