"""The server's process: the real ASGI application, which can be killed and started."""

from collections.abc import Callable

from yaguts_sim.engine.clock import Loop, World
from yaguts_sim.server.asgi import AsgiApp, AsgiMessage, Exchange, Receive, Request, ServerAnswer

PERSON = -1
"""Who asks, when it is a person and no board."""

Done = Callable[[ServerAnswer], None]
RequestListener = Callable[[int, Request], None]
AnswerListener = Callable[[int, Request, ServerAnswer], None]
"""Called with each answer when the server gives it, before it travels."""


class ServerProcess:
    """The process. `life` counts its starts."""

    def __init__(self, world: World, app: AsgiApp) -> None:
        self.world = world
        self.life = 0
        self.up = False
        self.loop = Loop(world, "server")
        self.on_request: RequestListener = lambda _who, _request: None
        self.on_answer: AnswerListener = lambda _who, _request, _answer: None
        self.crashes: list[str] = []
        self._app = app

    def start(self) -> None:
        """Start on a new event loop."""
        self.life += 1
        self.up = True
        self.loop = Loop(self.world, "server")
        self.loop.create_task(self._run_lifespan())

    def kill(self) -> None:
        """End at once."""
        self.up = False
        self.loop.kill()

    def call(self, who: int, request: Request, done: Done, loop: Loop | None = None) -> Exchange:
        """Let the application answer a request. `done` is not called if the server dies."""
        self.on_request(who, request)
        exchange = Exchange(request)
        (loop or self.loop).create_task(self._run(who, exchange, done))
        return exchange

    async def _run(self, who: int, exchange: Exchange, done: Done) -> None:
        life, crash = self.life, None
        try:
            answer = await exchange.run(self._app)
        except Exception as error:
            answer, crash = exchange.answer, f"{exchange.request.target}: {error!r}"
        if not self.up or life != self.life:
            return  # killed meanwhile: nobody gets this answer
        if crash is not None:
            self.crashes.append(crash)
        self.on_answer(who, exchange.request, answer)
        done(answer)

    async def _run_lifespan(self) -> None:
        """Run the application's lifespan: its start and its background work."""
        await self._app({"type": "lifespan", "state": {}}, self._lifespan(), _ignore)

    def _lifespan(self) -> Receive:
        told: list[AsgiMessage] = [{"type": "lifespan.startup"}]

        async def receive() -> AsgiMessage:
            if told:
                return told.pop()
            return await self.loop.create_future()

        return receive


async def _ignore(_message: AsgiMessage) -> None:
    pass
