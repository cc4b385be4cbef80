"""The guides do what they say: their code is run, block by block."""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

DOCS = pathlib.Path(__file__).parents[3] / "docs"


def blocks(page, language):
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert found
    return found


def test_the_python_guide(tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    names = {}
    for number, block in enumerate(blocks("python.md", "python")):
        exec(compile(block, f"python.md, block {number + 1}", "exec"), names)
    assert (tmp_path / "multiple-value.svg").read_text().startswith("<svg")
    # The four cells of a pair, as the guide tells them.
    counted = names["counted"]
    pairs = counted[counted["other"].notna()]
    assert len(pairs) and len(names["statements"]) and len(names["by_year"])


def test_the_r_guide(tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("there is no R")
    has = subprocess.run(["Rscript", "-e", "library(reticulate)"], capture_output=True, check=False)
    if has.returncode != 0:
        pytest.skip("R has no reticulate")
    script = tmp_path / "guide.R"
    use = f'Sys.setenv(RETICULATE_PYTHON = "{sys.executable}")\n'
    script.write_text(use + "\n".join(blocks("r.md", "r")))
    done = subprocess.run(["Rscript", str(script)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "multiple-value.svg").exists()
