"""Everything an admin can set, read from the environment (`DEALTHREAD_*`), typed, and refused when odd."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsRefused(Exception):
    """What is wrong with the settings, one line a setting, in words an admin can act on."""


def _is_loopback(host: str | None) -> bool:
    if host is None:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """One value a setting; `dealthread settings` lists them with these descriptions."""

    model_config = SettingsConfigDict(env_prefix="DEALTHREAD_", frozen=True, extra="ignore")

    database_url: str = Field(
        "sqlite:///dealthread.db", description="SQLAlchemy address: sqlite:///file or postgresql://..."
    )
    public_url: str = Field(
        "http://localhost:8000",
        description="Where people reach Dealthread. Every link, cookie flag and token audience is built from it.",
    )
    secret_keys: SecretStr = Field(
        SecretStr(""), description="Comma-separated Fernet keys; the first one writes, all of them read."
    )
    google_url: str = Field(
        "", description="One base address for all of Google (the sandbox, a proxy). Empty means Google's own hosts."
    )
    google_client_id: str = Field("", description="OAuth client of the Google project.")
    google_client_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    addon_client_id: str = Field(
        "",
        description="OAuth client of the add-on, as get-authorization prints it: the audience of the sidebar's user"
        " tokens. Empty means DEALTHREAD_GOOGLE_CLIENT_ID.",
    )
    addon_service_account: str = Field("", description="Service account that signs the add-on's requests.")
    pubsub_service_account: str = Field("", description="Service account that signs Gmail's pushes.")
    pubsub_topic: str = Field("", description="projects/P/topics/T for Gmail's pushes; empty means polling only.")

    phrases: str = Field(
        "", description="Folder of your own phrases, added to those by which Dealthread tells what an answer says."
    )
    clock_file: str = Field("", description="File with the clock's offset and speed, shared by all processes.")
    call_seconds: float = Field(15.0, gt=0, le=60, description="Deadline of one call to Google.")
    lease_seconds: float = Field(60.0, gt=0, le=3600, description="How long a worker holds a mailbox without renewing.")
    quiet_seconds: float = Field(60.0, ge=0, le=3600, description="Quiet time before a vanished draft means anything.")
    sweep_seconds: str = Field("60,600,3600,86400", description="When stray drafts are looked for after a fault.")
    tick_seconds: float = Field(5.0, gt=0, le=600, description="How often a worker looks for what is due.")
    poll_seconds: float = Field(120.0, gt=0, le=86400, description="How often a mailbox is polled without a push.")
    pump_seconds: float = Field(60.0, gt=0, le=3600, description="How long one turn at a mailbox lasts at most.")
    units_per_minute: int = Field(6000, ge=220, description="Gmail quota units a minute and mailbox.")
    daily_cap: int = Field(400, ge=1, le=10000, description="Mails a mailbox sends in 24 hours at most.")
    lookback_days: int = Field(14, ge=0, le=365, description="How far back a new mailbox, or a lost cursor, is read.")
    worker_threads: int = Field(4, ge=1, le=64, description="How many mailboxes one worker attends at once.")

    @field_validator("public_url", "google_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("is not an http(s) address")
        if parts.query or parts.fragment:
            raise ValueError("must not carry a query or a fragment")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise ValueError("must be https; plain http is accepted on this machine only (localhost)")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: str) -> str:
        if value.startswith("postgres://"):
            value = "postgresql://" + value.removeprefix("postgres://")
        if value.startswith("postgresql://"):
            return "postgresql+psycopg://" + value.removeprefix("postgresql://")
        if value.startswith(("sqlite:///", "postgresql+psycopg://")):
            return value
        raise ValueError("must begin with sqlite:/// or postgresql://")

    @field_validator("secret_keys")
    @classmethod
    def _fernet_keys(cls, value: SecretStr) -> SecretStr:
        for number, key in enumerate(_split(value.get_secret_value()), 1):
            try:
                Fernet(key.encode())
            except ValueError:
                raise ValueError(f"key {number} is not a Fernet key (32 bytes, url-safe base64)") from None
        return value

    @field_validator("phrases")
    @classmethod
    def _a_folder(cls, value: str) -> str:
        if value and not Path(value).is_dir():
            raise ValueError(f"is not a folder: {value}")
        return value

    @field_validator("sweep_seconds")
    @classmethod
    def _rising_numbers(cls, value: str) -> str:
        try:
            numbers = [float(part) for part in _split(value)]
        except ValueError:
            raise ValueError("must be comma-separated seconds") from None
        if not numbers or numbers != sorted(numbers) or numbers[0] < 0:
            raise ValueError("must be rising, comma-separated seconds")
        return value

    @model_validator(mode="after")
    def _deadlines_fit(self) -> Settings:
        if self.call_seconds >= self.lease_seconds:
            raise ValueError("DEALTHREAD_CALL_SECONDS must be shorter than DEALTHREAD_LEASE_SECONDS")
        return self

    @property
    def fernet_keys(self) -> list[str]:
        """The keys, first one writing. Empty where none is set: then nothing secret can be stored."""
        return _split(self.secret_keys.get_secret_value())

    @property
    def sweeps(self) -> tuple[float, ...]:
        """Seconds after a fault at which its stray drafts are looked for."""
        return tuple(float(part) for part in _split(self.sweep_seconds))

    @property
    def secure(self) -> bool:
        """Whether people reach us by https, so that cookies may be marked secure."""
        return self.public_url.startswith("https:")

    @property
    def clock_path(self) -> Path | None:
        """The file that carries the shared clock, if one is named."""
        return Path(self.clock_file) if self.clock_file else None

    @property
    def phrases_path(self) -> Path | None:
        """The folder of the admin's own phrases, if one is named."""
        return Path(self.phrases).absolute() if self.phrases else None

    def url(self, path: str) -> str:
        """The public address of a path that begins with a slash."""
        return self.public_url + path


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def load(**given: object) -> Settings:
    """Read the settings; what is given by keyword beats the environment. Raises SettingsRefused."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as refused:
        raise SettingsRefused("\n".join(_sentence(error["loc"], error["msg"]) for error in refused.errors())) from None


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    name = "DEALTHREAD_" + "_".join(str(part) for part in place).upper() if place else "Settings"
    return f"{name}: {message.removeprefix('Value error, ')}"
