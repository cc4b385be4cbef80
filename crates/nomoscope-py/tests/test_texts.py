"""Texts that are no study: coded, counted by hand, and counted in parts."""

import datetime
import pickle
import random

import pandas
import polars
import pyarrow
import pytest

import nomoscope

TEXTS = ["Forced labour is against dignity. Labour is not.", None, "", "Dignité, dignidad: 尊严. Labour!", "Nothing."]


def rows(table):
    return [tuple(row.values()) for row in table.rows()]


def test_codings_by_hand(codebook):
    want = [
        (0, "forced-labour", 0, 13, "Forced labour"),
        (0, "labour", 7, 13, "labour"),
        (0, "dignity", 25, 32, "dignity"),
        (0, "labour", 34, 40, "Labour"),
        (3, "dignity", 9, 17, "dignidad"),
        (3, "labour", 23, 29, "Labour"),
    ]
    made = nomoscope.Codebook(codebook)
    given = [
        TEXTS,
        tuple(TEXTS),
        pandas.Series(TEXTS),
        polars.Series(TEXTS),
        pyarrow.array(TEXTS),
        pyarrow.array(TEXTS, pyarrow.large_string()),
        pyarrow.array(TEXTS, pyarrow.string_view()),
        pyarrow.array(TEXTS).dictionary_encode(),
        pyarrow.chunked_array([TEXTS[:3], TEXTS[3:]]),
        pyarrow.table({"text": TEXTS}),
        pandas.DataFrame({"text": TEXTS}),
        polars.DataFrame({"text": TEXTS}),
    ]
    for texts in given:
        assert rows(nomoscope.code(texts, made)) == want, type(texts)
    named = nomoscope.code(pandas.DataFrame({"body": TEXTS, "n": [10, 20, 30, 40, 50]}), made, text="body", id="n")
    assert rows(named) == [(10 if row[0] == 0 else 40, *row[1:]) for row in want]
    assert rows(nomoscope.code(TEXTS, made, ids=list("abcde")))[-1][0] == "d"
    again = pickle.loads(pickle.dumps(made))
    assert again._native is made._native and rows(nomoscope.code(TEXTS, again)) == want
    assert len(nomoscope.code([], made)) == 0


def test_counts_by_hand(codebook):
    texts = ["Forced labour is against dignity.\n\nLabour is not.", "", None, "Dignity. Forced labour.", "Labour."]
    table = nomoscope.counts(texts, codebook, window="sentence", by={"year": [1, 1, 1, 2, 2]})
    assert table.columns == ["year", "concept", "other", *nomoscope_sums()]
    # In the order of the codebook, which is that of the ids.
    assert rows(table) == [
        (1, None, None, 1, 2, 8, 0, 0, 0),
        (1, "dignity", None, 1, 1, 0, 1, 0, 0),
        (1, "forced-labour", None, 1, 1, 0, 1, 0, 0),
        (1, "labour", None, 1, 2, 0, 2, 0, 0),
        (1, "dignity", "forced-labour", 1, 1, 0, 0, 0, 0),
        (1, "dignity", "labour", 1, 1, 0, 0, 0, 0),
        (1, "forced-labour", "labour", 1, 0, 0, 0, 0, 1),
        (2, None, None, 2, 3, 4, 0, 0, 0),
        (2, "dignity", None, 1, 1, 0, 1, 0, 0),
        (2, "forced-labour", None, 1, 1, 0, 1, 0, 0),
        (2, "labour", None, 2, 2, 0, 2, 0, 0),
        (2, "dignity", "forced-labour", 1, 0, 0, 0, 0, 0),
        (2, "dignity", "labour", 1, 0, 0, 0, 0, 0),
        (2, "forced-labour", "labour", 0, 0, 0, 0, 0, 1),
    ]


def nomoscope_sums():
    import nomoscope.spark

    return nomoscope.spark.SUMS


def corpus(n, seed=1):
    """Texts of which no two are alike, with what strata are made of."""
    draw = random.Random(seed)
    words = ["forced labour", "labour", "dignity", "dignidad", "law", "state", "\n\n", ".", "the", "尊严", "protects"]
    return pandas.DataFrame(
        {
            "text": [" ".join(draw.choices(words, k=draw.randint(0, 60))) for _ in range(n)],
            "year": pandas.array([draw.choice([1999, 2000, None]) for _ in range(n)], dtype="Int64"),
            "country": [draw.choice(["Côte d'Ivoire", "Peru", None]) for _ in range(n)],
            "day": [datetime.date(2000, 1, draw.randint(1, 3)) for _ in range(n)],
            "ratified": [draw.random() < 0.5 for _ in range(n)],
        }
    )


def test_parts_add_up_and_strata_keep_their_types(codebook):
    frame = corpus(400)
    by = ["year", "country", "day", "ratified"]
    whole = nomoscope.counts(frame, codebook, by=by).to_arrow()
    assert [whole.schema.field(name).type for name in by] == [
        pyarrow.int64(), pyarrow.string(), pyarrow.date32(), pyarrow.bool_(),
    ]  # fmt: skip
    keys = [*by, "concept", "other"]
    parts = [nomoscope.counts(frame[i::3], codebook, by=by).to_arrow() for i in range(3)]
    sums = pyarrow.concat_tables(parts).to_pandas().groupby(keys, dropna=False, sort=True).sum().reset_index()
    want = whole.to_pandas().sort_values(keys).reset_index(drop=True)
    sums = sums.sort_values(keys).reset_index(drop=True)[want.columns]
    pandas.testing.assert_frame_equal(sums, want, check_dtype=False)
    texts = nomoscope.counts(frame, codebook).rows()[0]["texts"]
    assert texts == sum(1 for text in frame["text"] if text.strip())


def test_counts_are_those_of_the_study(plain, demo):
    texts = [plain.text(path) for path in plain.sources["path"]]
    counts = nomoscope.counts(texts, demo.path, language="en")
    counted = [row for row in counts.rows() if row["concept"] and not row["other"]]
    want = {c["concept"]: c for c in plain.concepts().json["concepts"] if c["codings"]}
    assert {row["concept"]: (row["texts"], row["codings"]) for row in counted} == {
        name: (concept["sources"], concept["codings"]) for name, concept in want.items()
    }


@pytest.mark.parametrize(
    "texts, settings, words",
    [
        ([1.5], {}, "no column of words"),
        ([1], {}, "no column of words"),
        (["a"], {"by": {"x": [1, 2]}}, "has 2 rows"),
        (["a"], {"by": ["x"]}, "dict of columns"),
        (["a"], {"by": {"x": [1.5]}}, "no column of words, whole numbers or truth values"),
        (["a"], {"window": "page"}, "none of source, section"),
        (pandas.DataFrame({"text": ["a"]}), {"by": ["x"]}, "columns are text"),
        (pandas.DataFrame({"text": ["a"], "x": [1.5]}), {"by": ["x"]}, "column of Float64"),
    ],
)
def test_what_cannot_be_counted_is_told(codebook, texts, settings, words):
    with pytest.raises(nomoscope.NomoscopeError, match=words):
        nomoscope.counts(texts, codebook, **settings)


def test_texts_come_as_people_have_them(codebook):
    texts = ["Forced labour is against dignity."]
    assert rows(nomoscope.code({"text": texts}, codebook)) == rows(nomoscope.code(texts, codebook)) != []
    with pytest.raises(nomoscope.NomoscopeError, match="one text is no column"):
        nomoscope.code(texts[0], codebook)
    with pytest.raises(nomoscope.NomoscopeError, match="columns are txt"):
        nomoscope.counts({"txt": texts}, codebook)


def test_a_codebook_with_everything_that_is_wrong(tmp_path):
    wrong = '[[concept]]\nid = "a"\npatterns.en = ["(b", "x ) y"]\n'
    with pytest.raises(nomoscope.NomoscopeError) as error:
        nomoscope.Codebook(wrong)
    assert all(problem["file"] == "codebook.toml" and problem["reason"] for problem in error.value.problems)
    with pytest.raises(nomoscope.NomoscopeError):
        nomoscope.Codebook(tmp_path / "none.toml")


def test_progress_and_giving_up(codebook):
    told = []
    frame = corpus(3000)
    nomoscope.code(frame, codebook, progress=lambda *step: told.append(step))
    assert told[0][0] == "coding" and all(done <= total for _, done, total in told)

    def stop(*step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nomoscope.counts(frame, codebook, progress=stop)
