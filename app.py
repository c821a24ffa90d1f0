"""The ``ledby`` command with everything on it, and the Gradio application."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.commands.cli import IndexDir, cli, index_dir, run
from assistant.commands.diff import register as register_diff
from assistant.commands.verify import register as register_verify
from assistant.web.feedback import register as register_feedback
from assistant.web.users import register as register_users
from eval.command import register as register_eval
from index.settings import settings

register_diff(cli)
register_eval(cli)
register_feedback(cli)
register_users(cli)
register_verify(cli)


@cli.command()
def serve(
    index: IndexDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (LEDBY_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (LEDBY_PORT).")] = None,
) -> None:
    """The Gradio application."""
    from assistant.web.launch import launch

    told = settings()
    launch(index_dir(index), host or told.host, port or told.port)


def main() -> None:
    """Entry point of the ``ledby`` command."""
    sys.exit(run(cli))


if __name__ == "__main__":
    sys.exit(run(cli, ["serve", *sys.argv[1:]]))
