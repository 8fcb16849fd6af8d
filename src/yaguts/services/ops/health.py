"""Whether the server can do its work."""

from yaguts.services.runtime.context import Site
from yaguts.storage import people


def insist_on_database(site: Site) -> None:
    """Run a query. Raises `Unavailable`."""
    with site.database.read() as connection:
        people.count(connection)
