"""docs/deployment.md and the files it names: what they say is so."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from index_files import ROOT, write_documents

from assistant.web.options import WebOptions
from corpus.errors import BusyError
from index.build import ingest
from index.embed import Embedder
from index.generation import open_index
from index.settings import Settings
from index.verify import verify

GUIDE = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")
FILES = [ROOT / "Dockerfile", ROOT / "compose.yaml", *sorted((ROOT / "deploy").iterdir())]
UNITS = ("ledby.service", "ledby-ingest.service", "ledby-ingest.timer")


def commands() -> Iterator[list[str]]:
    """Every ledby command in the guide and the files, as words."""
    texts = [GUIDE, *(path.read_text(encoding="utf-8") for path in FILES)]
    for text in texts:
        for found in re.findall(r"(?:bin/|^|`|new `)ledby ([a-z]+(?: [^`\n#]*)?)", text, re.MULTILINE):
            yield found.split()


def test_every_command_and_flag_is_there() -> None:
    from typer.main import get_command

    from app import cli

    known = get_command(cli).commands  # type: ignore[attr-defined]
    seen = list(commands())
    assert {words[0] for words in seen} >= {"ingest", "serve", "verify", "find", "documents"}
    for name, *rest in seen:
        flags = {flag for option in known[name].params for flag in option.opts}
        assert {word for word in rest if word.startswith("--")} <= flags, (name, rest)


def test_every_variable_is_a_setting() -> None:
    known = {f"LEDBY_{name.upper()}" for name in (*Settings.model_fields, *WebOptions.model_fields)}
    for path in (ROOT / "docs/deployment.md", *FILES):
        assert set(re.findall(r"LEDBY_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))) <= known, path.name


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`((?:deploy/)[a-z.-]+|Dockerfile|compose\.yaml)`", GUIDE))
    assert named >= {"Dockerfile", "compose.yaml", "deploy/kubernetes.yaml", "deploy/nginx.conf"}
    assert all((ROOT / name).is_file() for name in named)


# The table of sizes


def figures(heading: str) -> list[list[str]]:
    """The rows of the table that begins with a heading."""
    table = GUIDE[GUIDE.index(heading) :].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def per_passage() -> dict[str, float]:
    return {name: float(kb) for name, kb in figures("| | kB a passage |")}


def computed(papers: float) -> list[str]:
    kb = per_passage()
    passages = papers * 187
    disk = 2 * kb["a generation on disk"] + kb["caches of vectors and of read files"]
    graph = kb["memory for Chroma's graph, in the application or the server"]
    return [
        f"{papers:,.0f}",
        f"{passages:,.0f}",
        f"{0.6 + passages * kb['memory of each application'] / 1e6:.1f}",
        f"{passages * graph / 1e6:.1f}",
        f"{passages * disk / 1e6:,.0f}",
        f"{passages / 50 / 3600:.1f}",
    ]


def test_the_sizes_are_products_of_what_was_measured() -> None:
    everything = (42 + 300) * 60 * 10
    papers = (60 * 10, everything / 42, everything)
    rows = figures("| | papers |")
    assert [row[1:] for row in rows] == [computed(number) for number in papers]


def test_the_cost_is_a_product_of_the_sizes() -> None:
    said = re.search(
        r"need (\d+) GB\s+of memory for the applications, (\d+) GB for Chroma and ([\d,]+) GB", GUIDE
    )
    assert said is not None
    applications, chroma, disk = (int(number.replace(",", "")) for number in said.groups())
    passages = (42 + 300) * 60 * 10 * 187
    assert applications == int(42 * 0.6 + passages * per_passage()["memory of each application"] / 1e6)
    whole = figures("| | papers |")[-1]
    assert (f"{chroma}", f"{disk:,}") == (f"{float(whole[4]):.0f}", whole[5])
    assert f"£{(applications + chroma) * 4 + disk * 0.1:,.0f} a month" in GUIDE


def test_the_sizes_are_those_of_an_index_of_the_originals(originals_index: Path) -> None:
    folder = open_index(originals_index).folder
    passages = len(open_index(originals_index).passages)

    def kb(path: Path) -> float:
        return sum(one.stat().st_size for one in path.rglob("*") if one.is_file()) / 1000 / passages

    said = per_passage()
    assert kb(folder) == pytest.approx(said["a generation on disk"], rel=0.2)
    assert kb(folder / "chroma") == pytest.approx(said["of it Chroma"], rel=0.2)
    assert kb(folder / "tokens") == pytest.approx(
        said["of it token vectors, mapped into memory as they are used"], rel=0.2
    )
    assert kb(originals_index / "cache") == pytest.approx(
        said["caches of vectors and of read files"], rel=0.3
    )


# The files


def test_the_dockerfile_copies_what_is_there() -> None:
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    orders = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    assert orders[0][0] == "FROM"
    assert {order[0] for order in orders} <= {
        "FROM", "ARG", "WORKDIR", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK",
        "ENTRYPOINT", "CMD",
    }  # fmt: skip
    ignored = (ROOT / ".dockerignore").read_text().split()
    for order in orders:
        if order[0] == "COPY":
            assert all((ROOT / name).exists() and name not in ignored for name in order[1:-1])


def test_compose() -> None:
    told: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    services = told["services"]
    assert {*services} == {"chroma", "app1", "app2", "ingest", "proxy"}
    for service in services.values():
        for volume in service["volumes"]:
            name = volume.split(":")[0]
            assert name in told["volumes"] or name.startswith("./")
        assert {*service.get("depends_on", [])} <= {*services}
    port = re.search(r"--port\", \"(\d+)\"", (ROOT / "compose.yaml").read_text())
    assert port and services["app1"]["environment"]["LEDBY_CHROMA_URL"] == f"http://chroma:{port[1]}"
    if (
        shutil.which("docker")
        and subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0
    ):
        subprocess.run(["docker", "compose", "config", "--quiet"], cwd=ROOT, check=True)


def test_kubernetes() -> None:
    parts = list(yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text()))
    assert [part["kind"] for part in parts] == [
        "ConfigMap", "PersistentVolumeClaim", "Deployment", "Service", "CronJob"
    ]  # fmt: skip
    pods = [parts[2]["spec"]["template"]["spec"], parts[4]["spec"]["jobTemplate"]["spec"]["template"]["spec"]]
    for pod in pods:
        volumes = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for one in pod["containers"] for mount in one["volumeMounts"]} <= volumes


def test_the_proxy_names_the_applications() -> None:
    text = (ROOT / "deploy/nginx.conf").read_text()
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(re.findall(r"server (\w+):7860;", text)) == {
        name for name in services if name.startswith("app")
    }
    assert text.count("{") == text.count("}")


def test_systemd_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze to check the units")
    for name in UNITS:
        text = (ROOT / "deploy" / name).read_text()
        text = text.replace("/opt/ledby/.venv/bin/ledby", "/bin/true").replace("User=ledby\n", "")
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(f"./{name}" for name in UNITS)],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_backup_and_restore(tmp_path: Path, embedder: Embedder) -> None:
    """The guide's own command, for an index elsewhere; it holds the lock that an ingest takes."""
    if shutil.which("flock") is None:
        pytest.skip("there is no flock command")
    documents, index = write_documents(tmp_path / "documents"), tmp_path / "index"
    ingest([documents], index, embedder=embedder)
    command = next(line for line in GUIDE.splitlines() if line.startswith("flock "))
    subprocess.run(command.replace("/var/lib/ledby/index", str(index)), shell=True, cwd=tmp_path, check=True)
    hold = ["flock", "--no-fork", str(index / "ingest.lock"), "sh", "-c", "echo held; exec sleep 30"]
    with subprocess.Popen(hold, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(BusyError):
            ingest([documents], index, embedder=embedder)
        other.kill()
    shutil.rmtree(index)
    index.mkdir()
    subprocess.run(["tar", "-C", str(index), "-xf", "ledby-index.tar"], cwd=tmp_path, check=True)
    assert verify(index).whole and open_index(index).register.entries
