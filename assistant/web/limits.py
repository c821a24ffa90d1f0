"""How much may be asked, and how fast."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import gradio as gr

from assistant.web.options import WebOptions

_MINUTE = 60.0
_KNOWN = 10_000  # askers remembered; the one not seen for longest is forgotten


class Bucket:
    """So many a minute for each key, refilled evenly; all of a minute's may come at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> bool:
        """Use one up; False where none is left."""
        now = self._clock()
        with self._lock:
            left, then = self._left.pop(key, (self._size, now))
            left = min(self._size, left + (now - then) * self._size / _MINUTE)
            self._left[key] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > _KNOWN:
                self._left.popitem(last=False)
            return left >= 1


class Limits:
    """Length of a question, and questions a minute from one browser and from one address."""

    def __init__(self, options: WebOptions) -> None:
        self._options = options
        self._browsers = Bucket(options.rate)
        self._addresses = Bucket(options.rate_address)

    def refusal(self, question: str, request: gr.Request | None) -> str | None:
        """Why a question is not worked on, in a sentence; None where it is."""
        longest = self._options.max_question
        if len(question) > longest:
            return (
                f"That question has {len(question):,} characters; the most that can be asked at once is "
                f"{longest:,}."
            )
        if request is None:
            return None
        address = request.client.host if request.client else "unknown"
        browser = request.session_hash or address
        if not (self._addresses.take(address) and self._browsers.take(browser)):
            return (
                f"That is more than {self._options.rate} questions in a minute. Wait a moment and ask again."
            )
        return None
