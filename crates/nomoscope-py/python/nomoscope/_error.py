"""The one exception of the package."""


class NomoscopeError(Exception):
    """Why something has no answer: everything that is wrong, at once.

    ``problems`` has a dict for each thing that is wrong, with the keys ``file``, ``line``, ``place``
    (where in the file, in words), ``setting`` (the keyword that is wrong), ``reason`` and ``hint``
    (what to do about it); what is not known is None. ``str(error)`` says the same in words.
    """

    def __init__(self, message, problems=()):
        super().__init__(message, problems)
        self.problems = [dict(problem) for problem in problems]

    def __str__(self):
        return self.args[0]


def refuse(reason, *, file=None, setting=None, hint=None):
    """Returns the error of one thing that is wrong."""
    problem = {"file": file, "line": None, "place": None, "setting": setting, "reason": reason, "hint": hint}
    where = file or setting
    words = f"{where}: {reason}" if where else reason
    return NomoscopeError(words if hint is None else f"{words}\n  hint: {hint}", [problem])


def together(errors):
    """Returns one error of everything that is wrong."""
    words = "\n".join(str(error) for error in errors)
    words = words if len(errors) == 1 else f"{len(errors)} problems\n{words}"
    return NomoscopeError(words, [problem for error in errors for problem in error.problems])
