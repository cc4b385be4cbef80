"""Writes what the table of questions says into the stub of the package: `python crates/nomoscope-py/stubs.py`."""

import inspect
import pathlib
import re

import nomoscope
from nomoscope._ask import QUESTIONS, method_name

STUB = pathlib.Path(__file__).parent / "python" / "nomoscope" / "__init__.pyi"


def default_of(parameter):
    if parameter.default is inspect.Parameter.empty:
        return ""
    return f" = {parameter.default!r}".replace("'", '"')


def lines_of(name, function, indent):
    """The stub of one question, a line a setting, with what it asks."""
    shape = inspect.signature(function)
    said = [f"{indent}def {name}("]
    keyword = False
    for parameter in shape.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword:
            keyword = True
            if not any(p.kind is p.VAR_POSITIONAL for p in shape.parameters.values()):
                said.append(f"{indent}    *,")
        star = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        annotation = "" if parameter.annotation is parameter.empty else f": {parameter.annotation}"
        said.append(f"{indent}    {star}{parameter.name}{annotation}{default_of(parameter)},")
    said.append(f"{indent}) -> {shape.return_annotation}:")
    first, *rest = inspect.getdoc(function).splitlines()
    said.append(f'{indent}    """{first}')
    said += [f"{indent}    {line}".rstrip() for line in rest]
    said.append(f'{indent}    """')
    return said


def generated(which):
    for kind in QUESTIONS.values():
        name, of = method_name(kind), kind["of"]
        if which == "study" and of.startswith("study"):
            yield from lines_of(name, getattr(nomoscope.Study, name), "    ")
        if which == "law" and of in ("law", "cases"):
            yield from lines_of(name, getattr(nomoscope.Law, name), "    ")
        if which == "tables" and of in ("files", "study or table"):
            yield from lines_of(name, getattr(nomoscope, name), "")


def current(text):
    """The stub with its generated parts made anew."""

    def part(found):
        lines = "".join(f"{line}\n" for line in generated(found["which"]))
        return f"{found['head']}{lines}{found['tail']}"

    parts = r"(?P<head> *# generated from the table of questions: (?P<which>\w+)\n)(?s:.*?)(?P<tail> *# generated: end\n)"
    return re.sub(parts, part, text)


if __name__ == "__main__":
    STUB.write_text(current(STUB.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
