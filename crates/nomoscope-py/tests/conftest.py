import pathlib
import shutil
import subprocess

import pytest

import nomoscope

ROOT = pathlib.Path(__file__).parents[3]
CODEBOOK = """
title = "A test"
version = "1"

[[concept]]
id = "forced-labour"
roles = ["problem"]
label = { en = "forced labour" }
patterns.en = ["forced labo[u]r", "forced labour", "forced labor"]

[[concept]]
id = "labour"
roles = ["behaviour"]
label = { en = "labour" }
patterns.en = ["labour"]

[[concept]]
id = "dignity"
roles = ["value"]
label = { en = "dignity" }
patterns.en = ["dignity", "dignidad"]
"""


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The study that is brought along."""
    return nomoscope.Study.new(tmp_path_factory.mktemp("demo") / "study", template="child-trafficking")


@pytest.fixture(scope="session")
def plain(demo, tmp_path_factory):
    """Its texts and its codebook, without what its files say of their structure."""
    study = nomoscope.Study.new(tmp_path_factory.mktemp("plain") / "study.nomo")
    study.edit_codebook((pathlib.Path(demo.path) / "codebook.toml").read_text(encoding="utf-8"))
    study.add_texts({f"{i}.txt": demo.text(path) for i, path in enumerate(demo.sources["path"])})
    return study


@pytest.fixture
def own(tmp_path):
    """A study to be changed."""
    return nomoscope.Study.new(tmp_path / "own.nomo", template="child-trafficking")


@pytest.fixture(scope="session")
def codebook():
    return CODEBOOK


@pytest.fixture(scope="session")
def command():
    """The command line, if it was built."""
    built = [ROOT / "target" / profile / "nomoscope" for profile in ("debug", "release")]
    found = next((str(path) for path in built if path.exists()), shutil.which("nomoscope"))
    if found is None:
        pytest.skip("the program was not built: `cargo build` builds it")

    def run(*words):
        done = subprocess.run([found, *map(str, words)], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    return run
