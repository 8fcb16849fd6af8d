"""A notification takes the three files that `CONTRIBUTING.md` names.

The test plants one in a copy of the sources: a refill is told to whoever watches the kitchen, in
this process and, through the process bridge, in another one.
"""

from pathlib import Path

from tests.architecture.planted_copy import PlantedCopy

TOPIC = '''

def stock_topic(dispenser_id: int) -> str:
    """The topic of a dispenser's stock: a jar was refilled."""
    return f"stock:{dispenser_id}"
'''
ITS_TEST = """
import asyncio
import tempfile
from pathlib import Path

from anyio.from_thread import start_blocking_portal

from tests.support.kitchen.household import Household
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.domain.people import Actor
from yaguts.domain.units import Milligrams
from yaguts.services.pantry import stock
from yaguts.services.runtime.hub import stock_topic


async def told(site, work, told_others):
    site.hub.tell_others = lambda topic, event: told_others.append((topic, event))
    with site.hub.listen(stock_topic(1)) as subscription:
        await asyncio.to_thread(work)
        return await subscription.next(5)


with start_blocking_portal() as Household.portal, tempfile.TemporaryDirectory() as folder:
    home = Household(Path(folder))
    ana = home.person("Ana")
    jars = [{"frasco": 1, "rotulo": "Sal", "g_por_seg": 2, "estoque_g": 10}]
    assert ana.put("/config/robo", json=jars).status_code == 200

    def refill():
        stock.refill(home.site, KitchenId(1), 1, 1, Milligrams(5_000), Actor(PersonId(1)))

    told_others = []
    assert asyncio.run(told(home.site, refill, told_others)) == 1
    assert (stock_topic(1), 1) in told_others
    home.close()
"""


def with_its_call(text: str) -> str:
    before, name, after = text.partition("def refill(")
    body, end, rest = after.partition("\n\n\n")
    published = "    site.hub.publish(stock_topic(dispenser_id), number)"
    needed = "from yaguts.services.runtime.hub import stock_topic\n"
    before = before.replace("from yaguts.storage import", needed + "from yaguts.storage import", 1)
    return before + name + body + "\n" + published + end + rest


def test_a_notification_takes_three_files_and_works(tmp_path: Path) -> None:
    copy = PlantedCopy(tmp_path)
    copy.change("yaguts/services/runtime/hub.py", lambda text: text + TOPIC)
    copy.change("yaguts/services/pantry/stock.py", with_its_call)

    copy.run_its_test(ITS_TEST)

    assert len(copy.files) == 3
