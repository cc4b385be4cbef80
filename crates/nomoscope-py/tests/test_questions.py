"""Every question can be asked, with the keywords, words and numbers of the program."""

import ast
import datetime
import inspect
import json
import keyword
import pathlib
import pickle
import subprocess
import sys

import pytest

import nomoscope
from nomoscope._ask import QUESTIONS, keyword_of, method_name

PACKAGE = pathlib.Path(nomoscope.__file__).parent
SOURCE = pathlib.Path(__file__).parents[1]


def asked_of(kind):
    if kind["of"].startswith("study"):
        return nomoscope.Study
    return nomoscope.Law if kind["of"] in ("law", "cases") else nomoscope


@pytest.mark.parametrize("kind", QUESTIONS.values(), ids=QUESTIONS)
def test_every_question_is_a_method_with_every_setting(kind):
    method = getattr(asked_of(kind), method_name(kind))
    parameters = inspect.signature(method).parameters
    assert set(kind["schema"].get("properties", {})) == set(kind["defaults"])
    for name, default in kind["defaults"].items():
        word = keyword_of(name)
        assert word.isidentifier() and not keyword.iskeyword(word)
        given = parameters[word].default
        assert (given is inspect.Parameter.empty and default == "") or (
            list(given) == default if isinstance(default, list) else given == default
        )
        assert f"    {word}: " in method.__doc__
    if kind["of"] == "study or table":
        assert callable(getattr(nomoscope, method_name(kind)))


def test_the_stub_says_what_there_is():
    sys.path.insert(0, str(SOURCE))
    import stubs

    text = stubs.STUB.read_text(encoding="utf-8")
    assert stubs.current(text) == text, "python crates/nomoscope-py/stubs.py writes the stub anew"
    tree = ast.parse(text)
    told = {node.name: node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    assert set(nomoscope.__all__) <= set(told)
    for name in ("Study", "Law", "Answer", "Figure", "Table", "Codebook"):
        own = {part for part in vars(getattr(nomoscope, name)) if not part.startswith("_")}
        assert own == {
            node.name for node in told[name].body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        }, name
    assert (PACKAGE / "py.typed").exists()


# What `run` says of version and day is not part of the answer.
def without_run(answer):
    return {key: value for key, value in answer.items() if key != "run"}


ROWS = [
    ("concepts", ["concepts"], {}),
    ("concepts", ["concepts", "--by", "kind"], {"by": "kind"}),
    ("kwic", ["kwic"], {"pattern": "child*"}),
    ("map", ["map", "--bootstrap", "100"], {"bootstrap": 100}),
    ("map", ["map", "--bootstrap", "0", "--where", "kind=treaty"], {"bootstrap": 0, "where": {"kind": "treaty"}}),
    ("compare", ["compare", "--by", "kind"], {"by": "kind"}),
    ("slip", ["slip"], {}),
    ("trend", ["trend"], {}),
]


@pytest.mark.parametrize("name, words, settings", ROWS, ids=[" ".join(row[1]) for row in ROWS])
def test_answers_are_those_of_the_command_line(demo, command, name, words, settings):
    words = [*words[:1], demo.path, *words[1:], "--json"]
    if "pattern" in settings:
        words.insert(2, settings["pattern"])
    said = command(*words)
    try:
        answer = getattr(demo, name)(**settings)
    except nomoscope.NomoscopeError as error:
        assert said == "", f"the command line has an answer: {error}"
        return
    want = json.loads(said)
    assert without_run(answer.json) == without_run(want)
    run, then = answer.json["run"], want["run"]
    for key in ("question", "settings", "codebook", "inputs", "study", "schema", "extractor"):
        assert run[key] == then[key], key
    assert answer.lead and answer.question == name


def test_a_record_can_be_replayed(demo, command, tmp_path):
    answer = demo.map(bootstrap=0)
    record = tmp_path / "run.json"
    record.write_text(json.dumps(answer.json["run"]))
    assert without_run(json.loads(command("replay", record, demo.path))) == without_run(answer.json)


def test_law_and_cases(command):
    case = nomoscope._native.law_files
    law = nomoscope.Law()
    assert without_run(law.list().json) == without_run(json.loads(command("law", "list", "--json")))
    answer = law.fallback(norm="un.palermo.3", without=["means"])
    want = command("law", "fallback", "--norm", "un.palermo.3", "--without", "means", "--json")
    assert without_run(answer.json) == without_run(json.loads(want))
    with pytest.raises(nomoscope.NomoscopeError) as error:
        law.show(norms="un.palermo.33")
    assert "un.palermo.3" in error.value.problems[0]["hint"]
    with pytest.raises(nomoscope.NomoscopeError):
        case("/nowhere/at/all.toml")


def test_a_case_as_a_file_words_or_a_dict(command, tmp_path):
    path = next((SOURCE.parents[1] / "data" / "law").rglob("cases/*.toml"), None)
    path = path or next(p for p in (SOURCE.parents[1] / "data" / "law").rglob("*.toml") if "[[case" in p.read_text())
    want = without_run(json.loads(command("test", path, "--json")))
    answer = nomoscope.test(path)
    assert without_run(answer.json) == want
    words = nomoscope.test(path.read_text())
    assert words.lead == answer.lead
    if sys.version_info >= (3, 11):
        import tomllib

        assert nomoscope.test(tomllib.loads(path.read_text())).lead == answer.lead


def test_estimates_from_lists(command, tmp_path):
    lists = {
        "police": {1, 2, 3, 4, 5, 6, 7, 8},
        "shelter": {5, 6, 7, 8, 9, 10, 11},
        "hotline": {1, 5, 9, 12, 13, 14, 8},
    }
    persons = sorted(set().union(*lists.values()))
    table = {name: [int(person in members) for person in persons] for name, members in lists.items()}
    path = tmp_path / "table.csv"
    lines = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values()))]
    path.write_text("\n".join(lines) + "\n")
    want = without_run(json.loads(command("reach", "estimate", path, "--bootstrap", "100", "--json")))
    import pandas

    for given in (path, lists, table, pandas.DataFrame(table), [dict(zip(table, row)) for row in zip(*table.values())]):
        answer = nomoscope.estimate(given, bootstrap=100)
        got = without_run(answer.json)
        for key in want.keys() - {"file"}:
            assert got[key] == want[key], key


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_who_has_no_id_is_no_person_of_a_list(missing):
    lists = {"a": {"x", "y", "z", missing}, "b": {"v", "z", missing}, "c": {"w", "z", missing}}
    with pytest.raises(nomoscope.NomoscopeError, match="list `a` holds a person without an id"):
        nomoscope.estimate(lists, bootstrap=0)


def test_what_is_wrong_is_told_at_once_and_as_data(demo, tmp_path):
    with pytest.raises(nomoscope.NomoscopeError) as error:
        demo.map(min_or=-1, seeds=0)
    assert [problem["setting"] for problem in error.value.problems] == ["min_or", "seeds"]
    assert "min_or" in str(error.value) and "--" not in str(error.value)
    again = pickle.loads(pickle.dumps(error.value))
    assert again.problems == error.value.problems and str(again) == str(error.value)

    with pytest.raises(nomoscope.NomoscopeError) as error:
        demo.map(bootstrap=-1, seeds="x", since=1990)
    assert [problem["setting"] for problem in error.value.problems] == ["bootstrap", "seeds", "since"]
    assert "takes a whole number from 0 on" in str(error.value) and "usize" not in str(error.value)
    with pytest.raises(nomoscope.NomoscopeError) as error:
        demo.map(min_or=float("nan"), where={"kind": ["treaty", "speech"]})
    assert [problem["setting"] for problem in error.value.problems] == ["min_or", "where"]
    assert len(demo.concepts(since=datetime.date(1800, 1, 1)).tables) == len(demo.concepts().tables)

    for wrong in ({"focuss": "x"}, {"where": "kind"}, {"bootstrap": "many"}, {"min_or": float("nan")}):
        with pytest.raises((nomoscope.NomoscopeError, TypeError)):
            demo.map(**wrong)
    with pytest.raises(nomoscope.NomoscopeError) as error:
        nomoscope.Study(tmp_path / "none")
    assert "nomoscope.Study.new(" in error.value.problems[0]["hint"]
    with pytest.raises(nomoscope.NomoscopeError):
        nomoscope.Study.new(tmp_path / "new", template="no-such-template")
    with pytest.raises(nomoscope.NomoscopeError) as error:
        demo.text(demo.sources["path"][0] + "x")
    assert "did you mean" in error.value.problems[0]["hint"]


def test_progress_and_interrupt(demo):
    told = []
    demo.map(bootstrap=100, progress=lambda *step: told.append(step))
    assert {stage for stage, _, _ in told} >= {"statements", "couplings"}

    class Enough(Exception):
        pass

    def stop(stage, done, total):
        raise Enough

    with pytest.raises(Enough):
        demo.map(bootstrap=100, progress=stop)


INTERRUPTED = """
import nomoscope, signal, threading, time, sys
study = nomoscope.Study(sys.argv[1])
study.map(bootstrap=0)
threading.Timer(1.0, signal.raise_signal, [signal.SIGINT]).start()
began = time.monotonic()
try:
    study.map(bootstrap=100_000)
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - began)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_control_c_ends_the_work(demo):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, demo.path], capture_output=True, text=True, timeout=120, check=True
    )
    word, seconds = done.stdout.split()
    assert word == "interrupted" and float(seconds) < 60


def test_other_threads_run_meanwhile(demo):
    import threading

    ticks, done = [0], threading.Event()

    def tick():
        while not done.wait(0.001):
            ticks[0] += 1

    thread = threading.Thread(target=tick)
    thread.start()
    demo.map(bootstrap=100, focus=None)
    done.set()
    thread.join()
    assert ticks[0] > 20


def test_tables_and_figures(demo):
    import pandas
    import polars
    import pyarrow

    answer = demo.map(bootstrap=0)
    table = answer.tables["statements"]
    frame = table.to_pandas()
    assert isinstance(frame, pandas.DataFrame) and list(frame.columns) == table.columns and len(frame) == len(table)
    assert table.to_polars().shape == polars.DataFrame(table).shape == frame.shape
    assert pyarrow.table(table).column_names == table.columns
    assert table.rows()[0] == {name: table[name][0] for name in table.columns}
    assert frame.iloc[0].to_dict() == table.rows()[0]
    with pytest.raises(KeyError):
        table["no such column"]
    with pytest.raises(KeyError):
        answer.tables["no such table"]

    figure = answer.figures[0]
    assert figure.svg.startswith("<svg") and figure.svg == demo.map(bootstrap=0).figures[0].svg
    assert figure.themed("dark") != figure.svg
    shown = answer._repr_html_()
    assert shown.count("<img") == len(answer.figures) and "data:image/svg+xml;base64," in shown
    assert figure.description.split('"')[0][:20] in shown
    assert "<table>" in table._repr_html_() and "<script" not in table._repr_html_()
