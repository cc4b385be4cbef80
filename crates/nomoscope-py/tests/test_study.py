"""Studies are changed through the desk, and what was done can be taken back."""

import json

import pytest

import nomoscope


def test_what_is_done_is_logged_and_taken_back(own):
    before = own.revision
    done = own.add_texts({"a.txt": "Né à Genève. A child was trafficked."}, attributes={"kind": "note"})
    assert done["n"] == 1 and done["event"] and own.revision != before
    (path,) = done["files"]
    assert own.text(path).startswith("Né")
    row = next(row for row in own.sources.rows() if row["path"] == path)
    assert (row["kind"], row["characters"]) == ("note", 36)
    assert own.log[-1]["command"].startswith("add")
    assert own.undo()["undone"]
    assert path not in own.sources["path"]
    own.redo()
    assert path in own.sources["path"]


def test_positions_are_characters(own):
    (path,) = own.add_texts({"a.txt": "Né à Genève. A child was trafficked."})["files"]
    concept = own.concepts().json["concepts"][0]["concept"]
    own.mark(path, 5, 11, concept, memo="a city")
    mine = [row for row in own.codings().rows() if row["source"] == path and row["text"] == "Genève"]
    assert [(row["start"], row["end"], row["concept"]) for row in mine] == [(5, 11, concept)]
    for start, end in [(-1, 3), (3, 3), (0, 1000)]:
        with pytest.raises(nomoscope.NomoscopeError):
            own.mark(path, start, end, concept)


def test_hits_that_are_wrong_count_no_longer(own):
    hits = own.codings().rows()
    own.judge(False, hits[:1])
    assert len(own.codings()) == len(hits) - 1


def test_stored_codings(own, command):
    done = own.code()
    assert done["n"] == len(own.codings())
    own.memo("study", "a memo")
    with pytest.raises(nomoscope.NomoscopeError):
        own.memo("source:none", "a memo")
    with pytest.raises(nomoscope.NomoscopeError):
        own.apply({"act": "no such act"})
    assert json.loads(command("concepts", own.path, "--json"))["sources"] == len(own.sources)


def test_codings_of_texts_are_those_of_the_study(plain, demo):
    study = plain.codings().rows()
    paths = plain.sources["path"]
    texts = [plain.text(path) for path in paths]
    own = nomoscope.code(texts, demo.path, ids=paths, language="en").rows()
    assert len(own) > 1000 and own == study
    for row in own:
        assert texts[paths.index(row["source"])][row["start"] : row["end"]] == row["text"]


def test_a_study_file_as_a_folder(own, tmp_path):
    own.export(tmp_path / "folder")
    assert nomoscope.Study(tmp_path / "folder").sources["path"] == own.sources["path"]
    with pytest.raises(nomoscope.NomoscopeError):
        own.export(tmp_path / "folder")


def test_a_copy_is_joined_and_names_are_erased(own, tmp_path):
    text = "Amina Diallo met Mr. Weber in Bamako. A child was trafficked. Weber paid for it, and nobody was punished."
    (path,) = own.add_texts({"a.txt": text})["files"]
    own.export(tmp_path / "copy")
    copy = nomoscope.Study(tmp_path / "copy")
    copy.add_texts({"b.txt": "Another text."})
    joined = own.merge(tmp_path / "copy")["joined"]
    assert joined["kinds"]["sources"]["new"] == 1
    assert any(name["found"] == "Weber" for name in own.names())
    own.describe(path, kind="interview")
    assert next(row for row in own.sources.rows() if row["path"] == path)["kind"] == "interview"
    done = own.forget("Weber")["rewritten"]
    assert done["places"] == 2 and "Weber" not in own.text(path)
    with pytest.raises(nomoscope.NomoscopeError, match="would come back"):
        own.merge(tmp_path / "copy")
    own.pseudonymise({"Amina Diallo": "[person 1]"})
    assert own.text(path).startswith("[person 1] met")
    assert own.doctor()["wrong"] == []


def test_a_passphrase_opens_whatever_keyboard_wrote_it(own):
    own.encrypt("pa\u0308sse gut auf dich auf")
    assert nomoscope.Study(own.path, passphrase="p\u00e4sse gut auf dich auf").title == own.title
    with pytest.raises(nomoscope.NomoscopeError):
        nomoscope.Study(own.path, passphrase="another one that is long")
    own.decrypt("p\u00e4sse gut auf dich auf")
    assert own.doctor()["wrong"] == []
