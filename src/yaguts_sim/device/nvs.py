"""The pages of ESP-IDF's NVS: where entries are written, and how often pages are erased.

A partition of 24 KB is six pages of 126 entries of 32 bytes. Entries are only appended. A page is
erased as a whole, after its live entries were copied to the one page that is kept free.
"""

from yaguts_sim.device.errors import NvsFull

PAGE_ENTRIES = 126
ENTRY_BYTES = 32


class Fragment:
    """Consecutive entries on one page: a number, or a chunk of a blob."""

    __slots__ = ("page", "span")

    def __init__(self, page: "Page", span: int) -> None:
        self.page = page
        self.span = span


class Page:
    """4,096 bytes. `written` entries are used up; the fragments of `live` hold current values."""

    __slots__ = ("begun", "erases", "live", "written")

    def __init__(self) -> None:
        self.written = 0
        self.begun = 0
        self.erases = 0
        self.live: dict[Fragment, None] = {}

    @property
    def live_entries(self) -> int:
        return sum(fragment.span for fragment in self.live)

    def put(self, fragment: Fragment) -> None:
        fragment.page = self
        self.written += fragment.span
        self.live[fragment] = None

    def erase(self) -> None:
        self.written = 0
        self.erases += 1
        self.live.clear()


class Layout:
    """The pages of one partition."""

    def __init__(self, pages: int = 6) -> None:
        self.pages = [Page() for _ in range(pages)]
        self.entries_written = 0
        self._active = self.pages[0]
        self._pages_begun = 0

    @property
    def free_entries(self) -> int:
        """How many entries can still be written, reclaimable ones included. One page stays free."""
        live = sum(page.live_entries for page in self.pages)
        return (len(self.pages) - 1) * PAGE_ENTRIES - live

    @property
    def erases(self) -> int:
        """How often pages were erased, in all."""
        return sum(page.erases for page in self.pages)

    @property
    def worst_erases(self) -> int:
        """How often the most worn page was erased."""
        return max(page.erases for page in self.pages)

    def cell(self) -> list[Fragment]:
        """Allocate a number. `NvsFull` when there is no room."""
        return [self._place(1)]

    def blob(self, length: int) -> list[Fragment]:
        """Allocate a blob: chunks with a header entry each, then an index entry. Else `NvsFull`."""
        entries = -(-length // ENTRY_BYTES)
        fragments: list[Fragment] = []
        while entries:
            room = PAGE_ENTRIES - self._active.written
            span = min(entries + 1, room if room > 1 else PAGE_ENTRIES)
            fragments.append(self._place(span))
            entries -= span - 1
        fragments.append(self._place(1))
        return fragments

    def drop(self, fragments: list[Fragment]) -> None:
        """Mark entries as erased. Their room is free again when their page is erased."""
        for fragment in fragments:
            fragment.page.live.pop(fragment, None)

    def _place(self, span: int) -> Fragment:
        if self._active.written + span > PAGE_ENTRIES:
            self._next_page(span)
        fragment = Fragment(self._active, span)
        self._active.put(fragment)
        self.entries_written += span
        return fragment

    def _next_page(self, span: int) -> None:
        if self._empty_pages() > 1:
            self._begin(next(page for page in self.pages if not page.written))
        else:
            self._collect(span)

    def _empty_pages(self) -> int:
        return sum(1 for page in self.pages if not page.written)

    def _collect(self, span: int) -> None:
        """Copy the live entries of the emptiest, then oldest page to the free one, and erase it."""
        used = [page for page in self.pages if page.written]
        victim = min(used, key=lambda page: (page.live_entries, page.begun))
        if victim.live_entries + span > PAGE_ENTRIES:
            raise NvsFull
        spare = next(page for page in self.pages if not page.written)
        self._begin(spare)
        for fragment in list(victim.live):
            spare.put(fragment)
            self.entries_written += fragment.span
        victim.erase()

    def _begin(self, page: Page) -> None:
        self._pages_begun += 1
        page.begun = self._pages_begun
        self._active = page
