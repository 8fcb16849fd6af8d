"""The address of a jar's pages: its dispenser and its number."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path

from yaguts.http.fields import IdInPath
from yaguts.web.static_files import home
from yaguts_wire.limits import MAX_JARS

JAR_PATH = "/dispensers/{dispenser_id}/jars/{number}"


@dataclass(frozen=True, slots=True)
class JarAddress:
    """A jar as an address names it. Nothing says yet that it exists."""

    dispenser_id: int
    number: int

    @property
    def page(self) -> str:
        """The address of the jar's page."""
        return f"{home()}dispensers/{self.dispenser_id}/jars/{self.number}"


async def _jar_address(
    dispenser_id: IdInPath, number: Annotated[int, Path(ge=1, le=MAX_JARS)]
) -> JarAddress:
    return JarAddress(dispenser_id, number)


JarDep = Annotated[JarAddress, Depends(_jar_address)]
