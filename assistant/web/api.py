"""What other programs can call: /ask, /find and /diff, over Gradio's API and, where switched on, MCP."""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr
from gradio.events import api

from assistant.contract import answer_json
from assistant.web import changes, find
from assistant.web.desk import Desk
from assistant.web.limits import Limits
from corpus.errors import LedbyError

log = logging.getLogger("ledby")


def register(desk: Desk, limits: Limits, differences: changes.Differences) -> None:
    """Put the endpoints onto the Blocks being built."""

    def ask(
        question: str, history: list[str] | None = None, request: gr.Request | None = None
    ) -> dict[str, Any]:
        """Answer a question from the documents, with citations that can be checked.

        Args:
            question: The question, in plain English.
            history: Earlier questions of the same conversation, oldest first.
        """
        earlier = [str(one)[: desk.options.max_question] for one in (history or [])][-20:]
        refused = limits.refusal(question, request)
        if refused:
            raise gr.Error(refused)
        try:
            return answer_json(desk.ask(question, earlier))
        except LedbyError as error:
            log.error("%s", error)
            raise gr.Error("Ledby cannot answer just now.") from None

    def find_rows(
        text: str = "",
        lead: str = "",
        plan: str = "",
        outcome: str = "",
        document: str = "",
        version: str = "all",
    ) -> list[dict[str, Any]]:
        """Rows of the register of commitments: commitment, plan, who leads it, and where that stands.

        Args:
            text: Words that must stand in the row.
            lead: An organisation that leads.
            plan: A plan.
            outcome: The number of an outcome.
            document: The id of a document.
            version: "current" for current documents only, "all" for drafts and earlier versions too.
        """
        told = {
            "q": text,
            "lead": lead,
            "plan": plan,
            "outcome": outcome,
            "document": document,
            "version": version,
        }
        return find.rows(desk, find.search_of(told))

    def diff(old: str = "", new: str = "", kind: str = "") -> list[dict[str, Any]]:
        """What changed between two versions of a document.

        Args:
            old: The id of the earlier document; the pair with most to compare when neither is given.
            new: The id of the later document.
            kind: Only changes of this kind: added, dropped, reworded, lead changed, target moved.
        """
        if not old and not new:
            first = next(iter(changes.pairs(desk)), None)
            old, new = (first[0].id, first[1].id) if first else ("", "")
        return changes.rows(changes.chosen(differences.between(old, new), kind, ""))

    api(ask, api_name="ask", concurrency_limit=None)
    api(find_rows, api_name="find", concurrency_limit=None)
    api(diff, api_name="diff", concurrency_limit=None)
