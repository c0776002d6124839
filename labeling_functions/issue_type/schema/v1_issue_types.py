"""Version 1: what somebody who opens an issue wants from the maintainers."""

from retrolabel import Label, LabelSchema

BUG = Label(
    "bug",
    "The project itself does something other than it promises, and its code has to be corrected.",
    include=[
        "a crash, a wrong result or a regression in the project's own code",
        "a test of the project that fails, now and then or always",
        "a pull request whose purpose is to correct such a fault",
    ],
    exclude=[
        "the fault lies in the code, the setup or the machine of the person who asks",
        "the project does as it was designed to, and the design is what should change",
    ],
    owner="maintenance",
    hotkey="b",
)
FEATURE = Label(
    "feature",
    "Somebody wants the project to do something that it does not yet do, or to do it better.",
    include=[
        "a new option, function, platform or format",
        "a change of behaviour that works as it was designed to",
        "a pull request that brings something new",
    ],
    exclude=[
        "something that once worked and no longer does",
        "somebody asks whether it can be done already",
    ],
    owner="product",
    hotkey="f",
)
QUESTION = Label(
    "question",
    "Somebody needs an answer or help, and nothing in the project has to change for that.",
    include=[
        "how to do something, or why something behaves as it does",
        "trouble with building, installing or configuring the project",
        "a fault in somebody's own program, even if it was filed as a bug",
    ],
    exclude=["a question in the title over a report that others can reproduce"],
    owner="support",
    hotkey="q",
)

SCHEMA = LabelSchema(
    task="issue_type",
    version="1.0.0",
    labels=[BUG, FEATURE, QUESTION],
    scale="nominal",
    reason="The first version: whoever triages has to know which team an issue goes to.",
    guidelines="""\
Read the title and the body as if nobody had filled in the form: the form is often wrong.

1. Would an **answer** close the issue? Then it is a `question`.
2. Otherwise, does the project **break a promise** that it makes today? Then it is a `bug`.
3. Otherwise it is a `feature`.

A pull request counts as the issue that it resolves.
""",
)
