"""The gate: thresholds by kind and over all, and what changed since the last stored result."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from eval.judge import Outcome
from eval.run import Summary, by_kind, summarise

THRESHOLDS = Path(__file__).parent / "thresholds.toml"
LEAST = 5
"""A kind with fewer questions than this in a run is shown but not judged by itself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on rates and figures by name: ``low`` must be reached, ``high`` must not be passed."""

    low: Mapping[str, float] = field(default_factory=dict)
    high: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits over all questions and by kind of question; ``least`` is how many questions a kind needs to be
    judged."""

    overall: Limits = Limits()
    kinds: Mapping[str, Limits] = field(default_factory=dict)
    least: int = LEAST


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that was not kept: which kind ("all" for the whole), which measure, what it was and should
    be."""

    kind: str
    measure: str
    value: float
    limit: float
    low: bool
    counts: str = ""

    def __str__(self) -> str:
        side = "is under" if self.low else "is over"
        return f"{self.kind}: {self.measure} {self.value:.3g}{self.counts} {side} {self.limit:.3g}"


def _limits(raw: Mapping[str, Any], where: str) -> Limits:
    unknown = set(raw) - {"low", "high"}
    if unknown:
        raise UsageError(f"{where}: unknown key {sorted(unknown)[0]!r}; use low and high")
    try:
        low, high = (
            {name: float(value) for name, value in raw.get(side, {}).items()} for side in ("low", "high")
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{where}: limits are numbers by measure ({error})") from error
    return Limits(low, high)


def load_thresholds(path: Path = THRESHOLDS, profile: str = "default") -> Thresholds:
    """The limits of a profile in a thresholds file. Raises UsageError for a file or profile that cannot be
    used."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"cannot read the thresholds {path}: {error.strerror}; check --thresholds"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error
    if profile not in raw:
        raise UsageError(f"{path} has no profile {profile!r}; it has {', '.join(sorted(raw)) or 'none'}")
    chosen = raw[profile]
    kinds = {kind: _limits(limits, f"{path} [{kind}]") for kind, limits in chosen.get("kinds", {}).items()}
    return Thresholds(_limits(chosen.get("all", {}), f"{path} [all]"), kinds, int(chosen.get("least", LEAST)))


def _breaches(kind: str, summary: Summary, limits: Limits) -> list[Breach]:
    found = []
    for measure, limit, low in (
        *((name, value, True) for name, value in limits.low.items()),
        *((name, value, False) for name, value in limits.high.items()),
    ):
        rate = summary.rates.get(measure)
        if rate is None and measure not in summary.figures:
            raise UsageError(f"unknown measure {measure!r} in the thresholds; known: {', '.join(measures())}")
        value = rate.value if rate else summary.figures[measure]
        if value is not None and (value < limit if low else value > limit):
            counts = f" ({rate.part:.4g}/{rate.whole})" if rate else ""
            found.append(Breach(kind, measure, value, limit, low, counts))
    return found


def measures() -> list[str]:
    """The names that thresholds may use."""
    empty = summarise([])
    return sorted([*empty.rates, *empty.figures])


def breaches(outcomes: Sequence[Outcome], thresholds: Thresholds) -> list[Breach]:
    """Every limit that was not kept, the whole first. No outcome at all is a breach: an empty run proves
    nothing."""
    if not outcomes:
        return [Breach("all", "questions", 0, 1, low=True)]
    found = _breaches("all", summarise(outcomes), thresholds.overall)
    kinds = by_kind(outcomes)
    for kind, limits in thresholds.kinds.items():
        if kind in kinds and kinds[kind].count >= thresholds.least:
            found += _breaches(kind, kinds[kind], limits)
    return found


@dataclass(frozen=True, slots=True)
class Key:
    """What a result holds for: the commit ("" outside a repository; "+" where files were changed since),
    the corpus hash, and the settings of the run."""

    commit: str
    corpus: str
    settings: tuple[tuple[str, str], ...]

    @property
    def setting_hash(self) -> str:
        """A short hash of the settings alone."""
        return _short(json.dumps(self.settings))

    @property
    def name(self) -> str:
        """The file name of the stored result."""
        return f"{self.commit[:12] or 'none'}-{self.corpus[:12]}-{self.setting_hash}.json"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def corpus_hash(texts: Mapping[str, str]) -> str:
    """A hash of the indexed documents: their ids and texts, in order of id."""
    whole = hashlib.sha256()
    for name in sorted(texts):
        whole.update(f"{name}\0{texts[name]}\0".encode())
    return whole.hexdigest()


def commit(folder: Path = Path()) -> str:
    """The commit that ``folder`` is at, with "+" where tracked files were changed since; "" where there is
    none."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        return git("rev-parse", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A result as stored: whether each question was right, by id."""

    key: Key
    created: str
    right: Mapping[str, bool]


def _decode(path: Path) -> Stored | None:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        settings = tuple((str(name), str(value)) for name, value in raw["settings"])
        return Stored(Key(raw["commit"], raw["corpus"], settings), raw["created"], dict(raw["right"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def last(folder: Path, key: Key) -> Stored | None:
    """The newest stored result of the same settings: of the same corpus if there is one, else of any."""
    stored = [found for path in folder.glob("*.json") if (found := _decode(path))]
    alike = [one for one in stored if one.key.setting_hash == key.setting_hash]
    return max(alike, key=lambda one: (one.key.corpus == key.corpus, one.created), default=None)


def store(folder: Path, key: Key, outcomes: Sequence[Outcome]) -> Path:
    """Writes a result, whole or not at all, over one of the same key; the path."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = {
        "commit": key.commit,
        "corpus": key.corpus,
        "settings": key.settings,
        "created": datetime.now(UTC).isoformat(),
        "right": {outcome.question.id: outcome.correct for outcome in outcomes},
    }
    path = folder / key.name
    part = path.with_suffix(".part")
    part.write_text(json.dumps(raw, indent=1), encoding="utf-8")
    part.replace(path)
    return path


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since a stored result, over the questions that both have."""

    since: Stored | None
    failing: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()
    shared: int = 0


def change(since: Stored | None, outcomes: Sequence[Outcome]) -> Change:
    """Ids that newly fail and newly pass."""
    if since is None:
        return Change(None)
    now = {outcome.question.id: outcome.correct for outcome in outcomes}
    shared = [name for name in now if name in since.right]
    return Change(
        since,
        failing=tuple(name for name in shared if since.right[name] and not now[name]),
        passing=tuple(name for name in shared if now[name] and not since.right[name]),
        shared=len(shared),
    )
