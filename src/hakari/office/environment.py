"""What the office reads from its environment, and where it keeps what it owns."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

__all__ = ["Environment", "Mode"]

Mode = Literal["demo", "production"]
_SECRET_FILE = "secret"  # noqa: S105  # the name of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Everything that differs from one installation to the next."""

    mode: Mode
    """`demo` seeds accounts whose passwords are printed; `hakari office check` refuses it in production."""
    folder: Path
    """Where the database (unless `DATABASE_URL` names another), checkpoints, keys, mail and uploads are kept."""
    address: str
    """How people reach the site, such as `https://office.example`; links in mail begin with it."""
    database: str
    """The database as an address; SQLite in the folder if nothing is said."""
    hosts: tuple[str, ...]
    mail: str
    """`smtp://user:password@host:587`, or empty: mail is written to files in the folder."""
    sender: str
    oidc: Mapping[str, str]
    """`issuer`, `client`, `secret` and `name` of an OpenID provider; empty if there is none."""
    key: Path
    """The office's signing key."""
    time_zone: str
    """Where deadlines and days are shown and counted; times are stored in UTC."""
    trust_proxy: bool
    """Whether the server before us may say that a request came over TLS."""

    @classmethod
    def read(cls, variables: Mapping[str, str] | None = None) -> Environment:
        """Return the environment that the variables describe."""
        given = os.environ if variables is None else variables
        folder = Path(given.get("HAKARI_OFFICE_FOLDER", "hakari-office")).resolve()
        address = given.get("HAKARI_OFFICE_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
        names = given.get("HAKARI_OFFICE_HOSTS", "") or (urlsplit(address).hostname or "")
        oidc = {
            part: given[f"HAKARI_OFFICE_OIDC_{part.upper()}"]
            for part in ("issuer", "client", "secret", "name")
            if given.get(f"HAKARI_OFFICE_OIDC_{part.upper()}")
        }
        return cls(
            mode="demo" if given.get("HAKARI_OFFICE_MODE") == "demo" else "production",
            folder=folder,
            address=address,
            database=given.get("DATABASE_URL", "") or f"sqlite:///{folder / 'office.sqlite3'}",
            hosts=tuple(name.strip() for name in names.split(",") if name.strip()),
            mail=given.get("HAKARI_OFFICE_MAIL", ""),
            sender=given.get("HAKARI_OFFICE_SENDER", "office@localhost"),
            oidc=oidc,
            key=Path(given.get("HAKARI_OFFICE_KEY", str(folder / "keys" / "office.pem"))),
            time_zone=given.get("HAKARI_OFFICE_TIME_ZONE", "") or "UTC",
            trust_proxy=given.get("HAKARI_OFFICE_PROXY", "") == "1",
        )

    def secret(self, variables: Mapping[str, str] | None = None) -> str:
        """Return the secret that signs sessions: from the environment, or from the folder, where it is made once."""
        given = os.environ if variables is None else variables
        stated = given.get("HAKARI_OFFICE_SECRET", "")
        if stated:
            return stated
        path = self.folder / _SECRET_FILE
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:  # another process was quicker
                return path.read_text("utf-8").strip()
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text("utf-8").strip()
