"""What a command says of how a phone opens the pages."""

import sys

import click

from yaguts.http.lan_addresses import addresses_of, bracketed

_HERE_ONLY = (
    "Only this computer reaches it. For phones start it with --host 0.0.0.0, or --host :: for"
    " IPv6 as well."
)


def pages_for_phones(host: str, port: int, public_url: str) -> list[str]:
    """The addresses that a phone can open. The public address is enough, where there is one."""
    servers = [f"http://{bracketed(one)}:{port}" for one in addresses_of(host)]
    return [f"{server}/app/" for server in ([public_url] if public_url else servers)]


def say_for_phones(host: str, port: int, public_url: str) -> None:
    """Print these addresses. In a terminal the first is also a QR code."""
    pages = pages_for_phones(host, port, public_url)
    for page in pages:
        click.echo(f"On a phone: {page}")
    if not pages:
        click.echo(_HERE_ONLY)
    elif sys.stdout.isatty():
        import segno  # noqa: PLC0415  # a server without a terminal draws no code

        segno.make(pages[0], error="l", micro=False).terminal(compact=True)
