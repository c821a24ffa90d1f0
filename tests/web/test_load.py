"""Fifty people asking at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from assistant.web.desk import Desk
from tests.web.conftest import served

PEOPLE = 50
SECONDS = 8.0
THINKING = 2.0  # seconds between an answer and the next question
QUESTIONS = (
    "who leads reducing loneliness?",
    "which plan covers school attendance?",
    "What does EBC stand for?",
    "How many visits did the harbour swimming pool have?",
    "what does Harbour University lead?",
)


async def _person(client: httpx.AsyncClient, number: int, until: float, times: list[float]) -> None:
    await asyncio.sleep(THINKING * number / PEOPLE)
    turn = number
    while time.monotonic() < until:
        begun = time.monotonic()
        posted = await client.post(
            "/gradio_api/call/ask", json={"data": [QUESTIONS[turn % len(QUESTIONS)], []]}
        )
        told = await client.get(f"/gradio_api/call/ask/{posted.json()['event_id']}")
        assert "event: complete" in told.text, told.text[:300]
        times.append(time.monotonic() - begun)
        turn += 1
        await asyncio.sleep(THINKING)


def _slowest(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


@pytest.mark.parametrize("people", [PEOPLE])
def test_fifty_people_at_once(desk: Desk, people: int) -> None:
    """No error, and nineteen answers in twenty within three seconds."""
    options = desk.options.model_copy(update={"rate": 100_000, "rate_address": 100_000})
    times: list[float] = []

    async def crowd(address: str) -> None:
        limits = httpx.Limits(max_connections=2 * people)
        async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as client:
            until = time.monotonic() + SECONDS
            await asyncio.gather(*(_person(client, n, until, times) for n in range(people)))

    with (
        served(Desk(desk.directory, options, desk.assistant.index.embedder)) as address,
        ThreadPoolExecutor(1) as apart,
    ):
        httpx.get(f"{address}/health")
        apart.submit(asyncio.run, crowd(address)).result()
    assert len(times) >= people
    assert _slowest(times, 0.95) < 3.0
