"""The answers that are being worked on, so that Stop and a new conversation can end them.

Gradio can cancel an event, but its browser part then loses, now and again, what is asked in the same moment: the
stream that a cancelled event closes may be the one that the next event has just begun to listen to. Here an answer
is told that nobody waits for it any longer, and ends as every other does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

Result = TypeVar("Result")
_LONGEST_WAIT = 5.0  # seconds; a page that was left behind ends its answer by itself


class Work:
    """One answer that is being worked on."""

    def __init__(self) -> None:
        self.afresh = False  # whether the page is to be cleared when it ends, as a new conversation begins
        self.cleared = False
        self._unwanted = asyncio.Event()
        self._ended = asyncio.Event()

    @property
    def unwanted(self) -> bool:
        """Whether nobody waits for it any longer."""
        return self._unwanted.is_set()

    async def outcome(self, of: Awaitable[Result]) -> Result | None:
        """What comes of it; None as soon as nobody waits for it any longer."""
        task = asyncio.ensure_future(of)
        unwanted = asyncio.ensure_future(self._unwanted.wait())
        try:
            await asyncio.wait({task, unwanted}, return_when=asyncio.FIRST_COMPLETED)
            return None if self.unwanted else task.result()
        finally:
            unwanted.cancel()
            task.add_done_callback(_looked_at)

    async def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self._unwanted.set()
        try:
            await asyncio.wait_for(self._ended.wait(), _LONGEST_WAIT)
        except TimeoutError:
            self.afresh = False  # the page does not wait for it any longer

    def over(self) -> None:
        """It has ended."""
        self._ended.set()


class Running:
    """The work of each page that is open in a browser, by Gradio's name of its session."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}

    @asynccontextmanager
    async def work(self, session: str) -> AsyncIterator[Work]:
        """The work on an answer, for as long as the context lasts; what the page waited for before is ended first. Without
        a name nothing else can end it."""
        while session in self._works:
            await self.end(session)
        work = Work()
        if session:
            self._works[session] = work
        try:
            yield work
        finally:
            work.over()
            self._forget(session, work)

    def busy(self, session: str) -> bool:
        """Whether an answer is being worked on."""
        return session in self._works

    async def end(self, session: str) -> None:
        """End the work on an answer, if there is any."""
        work = self._works.get(session)
        if work is not None:
            await work.end()
            self._forget(session, work)

    async def clear(self, session: str) -> bool:
        """The same for a new conversation; whether the answer, where there was one, has cleared the page itself."""
        work = self._works.get(session)
        if work is not None:
            work.afresh = True
            await self.end(session)
        return work is not None and work.cleared

    def _forget(self, session: str, work: Work) -> None:
        if self._works.get(session) is work:
            del self._works[session]


def _looked_at(task: asyncio.Future[Result]) -> None:
    """Take notice of how a task ended that nobody waits for, lest its error be reported as overlooked."""
    if not task.cancelled():
        task.exception()
