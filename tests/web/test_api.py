"""For other programs: the named endpoints by gradio_client, and the MCP server."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from gradio_client import Client

from assistant.contract import answer_json
from assistant.web.desk import Desk
from tests.web.conftest import missing, served


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    """A client of the application."""
    return Client(address, verbose=False)


def test_only_the_named_endpoints_are_offered(client: Client) -> None:
    """/ask, /find and /diff, each with its parameters described; nothing of the pages' own events."""
    told = client.view_api(return_format="dict", print_info=False)
    assert set(told["named_endpoints"]) == {"/ask", "/find", "/diff"}
    assert told["unnamed_endpoints"] == {}
    names = [one["parameter_name"] for one in told["named_endpoints"]["/ask"]["parameters"]]
    assert names == ["question", "history"]


def test_ask(client: Client, desk: Desk) -> None:
    """The answer object of the contract, history folded in."""
    told = client.predict("who leads reducing loneliness?", api_name="/ask")
    expected = answer_json(desk.ask("who leads reducing loneliness?"))
    assert {**told, "took_ms": 0} == {**expected, "took_ms": 0}
    more = client.predict("and in the draft?", ["who leads reducing loneliness?"], api_name="/ask")
    assert more["standalone"] == "who leads reducing loneliness in the draft?"


def test_find(client: Client) -> None:
    """Rows of the register as ``ledby find --format json`` gives them."""
    rows = client.predict(text="loneliness", version="current", api_name="/find")
    assert [row["plan"] for row in rows] == [
        "Befriending Strategy",
        "Research on isolation",
        "Village Bus Scheme",
    ]
    assert rows[1]["leads"] == ["Harbour University"]
    assert len(client.predict(lead="Harbour University", api_name="/find")) == 2


def test_diff(client: Client) -> None:
    """Without ids the pair with most to compare; a kind narrows."""
    rows = client.predict(api_name="/diff")
    assert {row["kind"] for row in rows} >= {"lead changed", "dropped"}
    only = client.predict("eastmere-plan-draft", "eastmere-plan-2024", "lead changed", api_name="/diff")
    assert only == [row for row in rows if row["kind"] == "lead changed"]
    assert client.predict("no-such", "eastmere-plan-2024", api_name="/diff") == []


def test_mcp(desk: Desk) -> None:
    """Switched on, an MCP client sees the three tools with their descriptions and can ask."""
    if importlib.util.find_spec("mcp") is None:
        missing("mcp is not installed (pip install 'ledby[mcp]'): the MCP server cannot be tried")
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    options = desk.options.model_copy(update={"mcp": True})

    async def talk(address: str) -> tuple[dict[str, str], str]:
        async with (
            streamablehttp_client(f"{address}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            name = next(tool.name for tool in tools if tool.name.endswith("ask"))
            said = await session.call_tool(name, {"question": "What does EBC stand for?"})
            return {tool.name: tool.description or "" for tool in tools}, str(said.content)

    with (
        served(Desk(desk.directory, options, desk.assistant.index.embedder)) as address,
        ThreadPoolExecutor(1) as apart,
    ):
        tools, said = apart.submit(asyncio.run, talk(address)).result()
    assert len(tools) == 3
    assert any("who leads" in description for description in tools.values())
    assert "Eastmere Borough Council" in said


def test_no_mcp_unless_switched_on(address: str) -> None:
    """Without LEDBY_MCP there is no MCP server."""
    import httpx

    reply = httpx.post(f"{address}/gradio_api/mcp/", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert reply.status_code in (404, 405)
    assert "tools" not in json.dumps(reply.text)
