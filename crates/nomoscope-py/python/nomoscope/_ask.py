"""Questions as functions with keyword arguments, made from the program's own table: none can be forgotten."""

import collections.abc
import inspect
import json
import keyword
import sys

from . import _native
from ._answer import Answer
from ._error import refuse, together

_TOLD = json.loads(_native.questions())

#: All kinds of questions: name, what it is asked of, schema, defaults.
QUESTIONS = {kind["name"]: kind for kind in _TOLD["questions"]}
#: The settings that say which sources of a study are read.
SELECTION = _TOLD["selection"]

_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_EITHER = inspect.Parameter.POSITIONAL_OR_KEYWORD


def types_of(schema):
    """The types of a setting: text, number …, and whether it may be none."""
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    for one in schema.get("anyOf", []):
        kinds = kinds + types_of(one)
    return [kind for kind in kinds if kind]


def annotation(schema):
    """The type of a setting as Python writes it."""
    names = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
    said = []
    for kind in types_of(schema):
        if kind == "array":
            inner = annotation(schema.get("items", {}))
            said += [f"Sequence[{inner}]"] + (["str"] if inner == "str" else [])
        else:
            said.append(names.get(kind, "Any"))
    said = sorted(dict.fromkeys(said), key=lambda name: name == "None")
    return " | ".join(said) or "Any"


def settings_of(kind):
    """The settings of a question: name, schema, default."""
    return [(name, kind["schema"]["properties"][name], default) for name, default in kind["defaults"].items()]


def keyword_of(name):
    """A setting as a keyword argument: `with` is a word of Python's own, and so `with_`."""
    return f"{name}_" if keyword.iskeyword(name) else name


def parameters(kind, of_study):
    """The parameters of the function that asks the question."""
    out = []
    for place, (name, schema, default) in enumerate(settings_of(kind)):
        # What a question cannot do without is an empty text by default, and may come without its name.
        needed = place == 0 and default == ""
        default = inspect.Parameter.empty if needed else default
        out.append((keyword_of(name), _EITHER if needed else _KEYWORD, default, annotation(schema)))
    if of_study:
        for name, default in SELECTION["defaults"].items():
            said = annotation(SELECTION["schema"]["properties"][name])
            said = f"{said} | Mapping[str, str]" if name == "where" else said
            out.append((name, _KEYWORD, default, said))
        out.append(("codebook", _KEYWORD, None, "str | PathLike[str] | None"))
    out.append(("progress", _KEYWORD, None, "Progress"))
    return out


def signature(kind, of_study, first=()):
    """The signature of the function that asks the question."""
    own = [
        inspect.Parameter(name, how, default=tuple(default) if isinstance(default, list) else default, annotation=said)
        for name, how, default, said in parameters(kind, of_study)
    ]
    return inspect.Signature([*first, *own], return_annotation="Answer")


def docstring(kind, of_study):
    """What the question asks, and what each setting means."""
    lines = [kind["schema"].get("description", kind["name"]), "", "Args:"]
    described = [(name, schema) for name, schema, _ in settings_of(kind)]
    if of_study:
        described += list(SELECTION["schema"]["properties"].items())
    for name, schema in described:
        lines.append(f"    {keyword_of(name)}: {' '.join(schema.get('description', '').split())}")
    if of_study:
        lines.append("    codebook: Reads with this codebook (a file) instead of the study's own.")
    lines.append("    progress: True shows how far the work is; or a function of (stage, done, total or None).")
    return "\n".join(lines)


def plain(name, schema, value):
    """A value as JSON has it: a single text is a list where a list is asked for."""
    if isinstance(value, collections.abc.Mapping) and name == "where":
        return [f"{key}={_wanted(key, wanted)}" for key, wanted in value.items()]
    if "array" in types_of(schema) and value is not None:
        return [value] if isinstance(value, str) else list(value)
    return value


def split(kind, of_study, given):
    """Keyword arguments as the JSON of the question, and that of the selection."""
    own, which, wrong = {}, {}, []
    settings = [(own, name, keyword_of(name), schema) for name, schema, _ in settings_of(kind)]
    if of_study:
        settings += [(which, name, name, schema) for name, schema in SELECTION["schema"]["properties"].items()]
    for into, name, word, schema in settings:
        if word in given:
            try:
                into[name] = json.loads(json.dumps(plain(name, schema, given[word]), allow_nan=False, default=_number))
            except (TypeError, ValueError) as error:
                wrong.append(refuse(str(error), setting=word))
    if wrong:
        raise together(wrong)
    return json.dumps(own), json.dumps(which)


def _wanted(attribute, value):
    """The one value that an attribute is wanted to have."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise TypeError(f"{attribute}: {value!r} is no text, and an attribute is asked for by one")
    return value


def _number(value):
    """Numbers of other libraries, such as numpy's, have the same value as Python's; dates are written as text."""
    for name in ("item", "__fspath__", "isoformat"):
        if hasattr(value, name):
            return getattr(value, name)()
    raise TypeError(f"{value!r} is no setting")


def bar(stage, done, total):
    """Shows on one line of the terminal how far the work is."""
    part = f" {100 * done // total} %" if total else ""
    print(f"\r{stage}{part}".ljust(30), end="\n" if stage == "done" else "", file=sys.stderr, flush=True)


def watcher(progress):
    """The function that is called with progress."""
    return bar if progress is True else (progress or None)


def function(kind, of_study, ask, name, first=()):
    """Makes the function that asks the question; `ask` is handed the JSON and what else was given."""
    shape = signature(kind, of_study, first)

    def asked(*args, **kwargs):
        try:
            bound = shape.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{name}() {error}") from None
        given = dict(bound.arguments)
        leading = [given.pop(parameter.name, ()) for parameter in first]
        progress = watcher(given.pop("progress", None))
        codebook = given.pop("codebook", None)
        settings, which = split(kind, of_study, given)
        return Answer(ask(leading, kind["name"], settings, which, codebook, progress))

    asked.__name__ = asked.__qualname__ = name
    asked.__signature__ = shape
    asked.__doc__ = docstring(kind, of_study)
    return asked


def method_name(kind):
    """The name of the method: `law-list` is a method of Law, and so without what it is a question about."""
    return kind["name"].removeprefix("law-").replace("-", "_")
