"""The news of a kitchen, as an open page is told them."""

from yaguts.domain.alerts.kinds import AlertEvent, AlertMessage
from yaguts.services.alerts.news import in_trouble, just_ended
from yaguts.web.static_files import PAGES, home
from yaguts.web.visit import Context, Visit

EACH_TURN = 6
"""What is in trouble is looked for at every so manieth rendering, and when an order has ended."""


class KitchenNews:
    """Renders the news for one open page. `key` tells the page what it has told already."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._ended: tuple[AlertMessage, ...] = ()
        self._troubles: tuple[AlertMessage, ...] = ()
        self._turn = 0

    def __call__(self) -> str:
        """The news, the latest first."""
        visit = self._visit
        ended = just_ended(visit.site, visit.kitchen_id)
        if ended != self._ended or self._turn % EACH_TURN == 0:
            self._troubles = in_trouble(visit.site, visit.person)
        self._ended, self._turn = ended, self._turn + 1
        news = [self._told(each) for each in (*ended, *self._troubles)]
        return visit.html("parts/news.html", news=news)

    def _told(self, message: AlertMessage) -> Context:
        visit = self._visit
        said = visit.site.alerting.write(message, visit.language, str(visit.zone or ""))
        return {
            "key": message.uid,
            "bad": message.event == AlertEvent.TROUBLE,
            "said": said,
            "address": home() + said.page.removeprefix(f"{PAGES}/"),
        }
