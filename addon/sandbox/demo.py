"""Puts the demo together: a Gmail, the product, a worker, people who answer and the inbox page, in one process."""

from __future__ import annotations

import contextlib
import os
import shlex
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from addon import clock, settings
from addon.app import House, create_app, create_worker
from addon.integrations.google.consent import SCOPES
from addon.sandbox import world_clock
from addon.sandbox.folder import Folder, Keys, write_private
from addon.sandbox.gmail import Gmail, serve
from addon.sandbox.inbox import loading, world_panel
from addon.sandbox.inbox.app import Setup, create_inbox
from addon.sandbox.inbox.caller import Caller, Deployment
from addon.sandbox.inbox.people import Cast
from addon.sandbox.inbox.reading import Person
from addon.sandbox.inbox.shelf import Shelf
from addon.sandbox.own_mail.choice import OwnMail
from addon.sandbox.own_mail.joining import joined_by, loading_of
from addon.sandbox.own_mail.loading import Loading
from addon.sandbox.people import Answering
from addon.sandbox.world import data, filling
from addon.sandbox.world.post import fill_mailboxes
from addon.settings import Settings
from addon.worker import Worker

CLIENT_ID = "dealthread.apps.sandbox.example"
ADDON_ACCOUNT = "addon@sandbox.iam.gserviceaccount.com"
PUSH_ACCOUNT = "pushes@sandbox.iam.gserviceaccount.com"
TOPIC = "projects/sandbox/topics/gmail"
RETURN_PATHS = ("/signin/return", "/mailboxes/connected")
"""Where the simulated Google may send people back to."""

SERVER_THREADS = 16
"""A page of the inbox waits for the add-on, which the same server answers."""
END_SECONDS = 2.0
"""For turns under way when the demo is told to stop."""
REQUEST_SECONDS = 1.0
"""For requests under way."""
PUSH_SECONDS = 2.0
"""A push that waits longer than this is tried again."""


class PortTaken(Exception):
    """Somebody listens there already, or nobody may."""


class StrangeDatabase(Exception):
    """The database holds a team of the demo's name to which the folder's mailboxes do not belong."""


class _Emptied(Exception):
    """The database lost the world that the folder's mailboxes belong to."""


@dataclass
class Demo:
    """A demo that runs. `serve` blocks; `close` takes everything down."""

    house: House
    worker: Worker
    web: Any
    """Waitress's server."""
    close: Callable[[], None]
    mail: Loading | None = None
    """A person's own mail on its way in; whoever serves starts it."""

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return self.house.settings.url("/mail/")

    def serve(self) -> None:
        """Answer requests until SystemExit or KeyboardInterrupt is raised in this thread."""
        self.web.run()


def listen(port: int) -> socket.socket:
    """Take the port before anything else is touched; 0 takes any free one. Raises PortTaken."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except (OSError, OverflowError) as trouble:
        raise PortTaken(
            os.strerror(trouble.errno) if isinstance(trouble, OSError) and trouble.errno else str(trouble)
        ) from None


def start(listening: socket.socket, folder: Folder, own: OwnMail | None = None) -> Demo:
    """Start everything, and fill the world at the first time; with a person's own mail, they join the team.

    Raises SettingsRefused, StoreInUse, FolderRefused, StrangeDatabase; nothing goes on running after that.
    """
    if not folder.is_filled():
        folder.begin_anew()
    try:
        return _start(listening, folder, own)
    except _Emptied:
        folder.begin_anew()
        return _start(listening, folder, own)


def _start(listening: socket.socket, folder: Folder, own: OwnMail | None) -> Demo:
    with contextlib.ExitStack() as started:
        keys = folder.keys()
        gmail = Gmail(folder.mailboxes)
        started.callback(gmail.close)
        server = started.enter_context(serve(gmail))
        house = House.of(_settings(listening.getsockname()[1], server.url, folder, keys))
        started.callback(house.close)
        world_clock.rest()  # the last run may have died in a hurry
        started.callback(world_clock.rest)
        _introduce(gmail, house.settings)
        house.migrate()
        reps = joined_by(data.reps(), own)
        _ensure_world(gmail, house, folder, reps)
        _write_environment(folder, house.settings)
        people = Answering(gmail)
        started.callback(people.stop)
        people.start()
        worker = _set_to_work(started, house)
        inbox = _inbox(gmail, house.settings, keys, reps)
        world_panel.expect(inbox, lambda: people.next_at)
        mail = loading_of(own, gmail)
        if mail is not None:
            started.callback(mail.stop, END_SECONDS)
            loading.show(inbox, mail)
        pages = DispatcherMiddleware(create_app(house), {"/mail": inbox})
        web = create_server(pages, sockets=[listening], threads=SERVER_THREADS, clear_untrusted_proxy_headers=True)
        started.callback(_close_web, web)
        return Demo(house, worker, web, started.pop_all().close, mail)


def _settings(port: int, google_url: str, folder: Folder, keys: Keys) -> Settings:
    """What makes it a demo is given; all else may be set from outside, the database too."""
    wishes: dict[str, object] = {
        "secret_keys": keys.secret_key,
        "tick_seconds": 1.0,
        "poll_seconds": 20.0,
        "units_per_minute": 15_000,  # Google's older projects have as many; in a fast world a real minute is hours long
    }
    free = {name: value for name, value in wishes.items() if f"DEALTHREAD_{name.upper()}" not in os.environ}
    return settings.load(
        **free,
        database_url=folder.database,
        public_url=f"http://localhost:{port}",
        google_url=google_url,
        google_client_id=CLIENT_ID,
        google_client_secret=keys.client_secret,
        addon_service_account=ADDON_ACCOUNT,
        pubsub_service_account=PUSH_ACCOUNT,
        pubsub_topic=TOPIC,
        clock_file=str(folder.clock),
    )


def _introduce(gmail: Gmail, known: Settings) -> None:
    """Tell the simulated Google whom it serves and where its pushes go."""
    secret = known.google_client_secret.get_secret_value()
    gmail.clients.add(known.google_client_id, secret, [known.url(path) for path in RETURN_PATHS])
    gmail.pushes.url, gmail.pushes.service_account = known.url("/google/push"), known.pubsub_service_account
    gmail.pushes.timeout = PUSH_SECONDS


def _ensure_world(gmail: Gmail, house: House, folder: Folder, reps: tuple[data.Rep, ...]) -> None:
    world = replace(data.load(clock.now()), reps=reps)
    there = filling.exists(house.database, world.team["name"])
    if there and folder.is_filled():
        return
    if there:
        raise StrangeDatabase
    if folder.is_filled():
        raise _Emptied
    post = fill_mailboxes(gmail, world)
    grants = {rep.email: gmail.grants.issue(rep.email, SCOPES, client=CLIENT_ID) for rep in world.reps}
    filling.fill(house.database, world, grants, " ".join(SCOPES), post)
    folder.note_filled()


def _write_environment(folder: Folder, known: Settings) -> None:
    """For `dealthread worker` and others that join this demo: `set -a; . .demo/environment`."""
    secrets = {"secret_keys": known.secret_keys, "google_client_secret": known.google_client_secret}
    lines = []
    for name, value in known.model_dump().items():
        shown = secrets[name].get_secret_value() if name in secrets else value
        lines.append(f"DEALTHREAD_{name.upper()}={shlex.quote(str(shown))}\n")
    write_private(folder.environment, "".join(lines))


def _set_to_work(started: contextlib.ExitStack, house: House) -> Worker:
    worker, jobs = create_worker(house)
    house.nudge = worker.nudge
    ticking = threading.Thread(target=worker.run, name="worker", daemon=True)

    def end() -> None:
        worker.stop()
        jobs.stop(END_SECONDS)
        ticking.join(1.0)

    started.callback(end)
    jobs.start()
    ticking.start()
    return worker


def _close_web(web: Any) -> None:
    """Let nobody in, and give the requests under way a moment."""
    web.close()
    web.task_dispatcher.shutdown(timeout=REQUEST_SECONDS)


def _inbox(gmail: Gmail, known: Settings, keys: Keys, reps: tuple[data.Rep, ...]) -> Flask:
    shelf = Shelf(gmail)
    caller = Caller(shelf, Deployment(known.public_url, known.addon_service_account, known.google_client_id))
    # The world is filled with them first, in this order: these are their numbers in the workspace, too.
    people = [Person(rep.name, rep.email, number) for number, rep in enumerate(reps, 1)]
    people.sort(key=lambda person: (person.number or 0) <= len(data.reps()))  # whose own mail it is sits first
    cast = Cast(people, {rep.email: rep.role for rep in reps})
    setup = Setup(known.google_url, known.public_url, keys.inbox_secret, data.zone(), data.PEOPLE_FILE)
    return create_inbox(setup, cast, shelf, caller)
