"""`yaguts user`: look after accounts."""

import json
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import click

from yaguts.cli.startup.environment import (
    data_option,
    existing_database,
    make_files_privately,
    outages_named,
)
from yaguts.domain.errors import AccountDisabled, NotFound
from yaguts.domain.people import RESET_LIFE, Account
from yaguts.http.public_address import reset_link
from yaguts.services.people import administration, resets
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.files.server_files import beside
from yaguts.services.runtime.hub import Hub
from yaguts.services.runtime.virtual.virtual_boards import Boards
from yaguts.storage.db.database import Database
from yaguts.storage.db.migrate import is_latest

_HERE = "http://127.0.0.1:8000"
_who = click.argument("who")


@click.group()
def user() -> None:
    """Look after accounts. WHO is a name, or the number that `list` shows."""
    make_files_privately()


@user.command(name="list")
@data_option
def list_command() -> None:
    """Show all accounts: number, name, since when, last seen."""
    with _site() as site:
        for account in administration.accounts_of(site):
            click.echo("\t".join((str(account.person.id), *_columns(account))))


@user.command(name="reset")
@_who
@click.option("--server", default="", help="The server's address, for the link.")
@data_option
def reset_command(who: str, server: str) -> None:
    """Make a link with which WHO chooses a new password. It works once, for a day."""
    with _site() as site, _named(site, who) as account:
        address = server or site.settings.public_url or _HERE
        try:
            code = resets.offer(site, account.person)
        except AccountDisabled:
            raise click.ClickException("The account is disabled: `yaguts user enable`") from None
    hours = RESET_LIFE.total_seconds() // 3600
    click.echo(reset_link(address, code))
    click.echo(f"Works once, within {hours:.0f} hours. Whoever has it can sign in as that person.")


@user.command(name="disable")
@_who
@data_option
def disable_command(who: str) -> None:
    """Refuse WHO and their dispensers from now on. What is theirs stays."""
    with _site() as site, _named(site, who) as account:
        administration.disable(site, account.person)
    click.echo("Disabled. Sessions have ended; the dispensers keep their tokens and are refused.")


@user.command(name="enable")
@_who
@data_option
def enable_command(who: str) -> None:
    """Let WHO and their dispensers in again."""
    with _site() as site, _named(site, who) as account:
        administration.enable(site, account.person)
    click.echo("Enabled.")


@user.command(name="export")
@_who
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
def export_command(who: str, file: Path) -> None:
    """Write everything about WHO into FILE, as JSON."""
    if file.exists():
        raise click.ClickException(f"{file} is there already.")
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.absolute().parent}.")
    with _site() as site, _named(site, who) as account:
        told = administration.export(site, account.person)
    with file.open("x", encoding="utf-8") as target:
        json.dump(told, target, ensure_ascii=False, indent=1, default=_text)
    click.echo(f"{file}: everything about the person. Keep it where nobody else reads it.")


@user.command(name="delete")
@_who
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
def delete_command(who: str, *, yes: bool) -> None:
    """Delete WHO: name, password, addresses, recipes and texts. It cannot be undone."""
    with _site() as site, _named(site, who) as account:
        members = administration.members_of(site, account.person)
        click.echo(f"Account {account.person.id}, {account.person.name!r}, and its kitchen.")
        if members:
            names = ", ".join(repr(member.name) for member in members)
            click.echo(f"Who cooks there goes back to a kitchen of their own: {names}.")
        if not yes:
            click.confirm("Delete it?", abort=True)
        administration.forget(site, account.person)
    click.echo("Deleted. Backups, and copies from before upgrades, still hold it.")


@contextmanager
def _site() -> Generator[Site]:
    wanted = existing_database()
    database = Database(wanted.database_url)
    boards = Boards(beside(wanted, ".virtual"))  # The server's: none is started here.
    site = Site(
        database, lambda: datetime.now(UTC), secrets.token_bytes, Hub(), wanted, boards=boards
    )
    try:
        with outages_named():
            if not is_latest(database):
                raise click.ClickException(
                    "This is not this version's database: `yaguts db upgrade`"
                )
            yield site
    finally:
        database.close()


@contextmanager
def _named(site: Site, who: str) -> Generator[Account]:
    try:
        account = administration.find(site, who)
    except NotFound:
        raise click.ClickException(f"Nobody is called {who!r}: `yaguts user list`") from None
    yield account


def _columns(account: Account) -> tuple[str, ...]:
    if account.deleted_at is not None:
        return ("", _day(account.created_at), "", f"deleted {_day(account.deleted_at)}")
    seen = "" if account.seen_at is None else _day(account.seen_at)
    state = "" if account.disabled_at is None else f"disabled {_day(account.disabled_at)}"
    return (account.person.name, _day(account.created_at), seen, state)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
