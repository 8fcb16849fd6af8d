"""What a connection takes in memory: there are as many as held polls."""

import asyncio

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from yaguts.cli.connections import Connections, GuardedProtocol

SHARED_BY_ALL = 30
"""Python keeps so many names of a class once for all its instances."""


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application."""


def test_a_connection_has_no_dictionary_of_its_own() -> None:
    async def story() -> None:
        config = uvicorn.Config(nothing, log_config=None)
        connection = GuardedProtocol(
            Connections(1, lambda _: True), config=config, server_state=ServerState(), app_state={}
        )
        assert len(vars(connection)) <= SHARED_BY_ALL

    asyncio.run(story())
