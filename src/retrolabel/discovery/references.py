"""What a function's code refers to by name: globals, closures and imports, with the attributes read of them."""

from __future__ import annotations

import dis
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import CodeType

    from retrolabel.discovery.canonical import Canonical, Step

GLOBAL, CELL, IMPORT = "global", "closure", "import"
ATTRIBUTE = ("LOAD_ATTR", "LOAD_METHOD")
STORE = ("STORE_FAST", "STORE_DEREF", "STORE_NAME")
READ_LOCAL = ("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_AND_CLEAR", "LOAD_FAST_BORROW", "LOAD_DEREF", "LOAD_NAME")
READ_CELL = ("LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF")
READ_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
LONGEST, MANY = 6, 64
"""How many attributes in a row, and how many meanings of one local variable, are told apart."""
ONLY_COMPARES = {
    "RETURN_VALUE",
    "COMPARE_OP",
    "IS_OP",
    "CONTAINS_OP",
    "UNARY_INVERT",
    "UNARY_NOT",
    "POP_TOP",
    "TO_BOOL",
}
"""What may be done with a label without looking at what people see of it."""


@dataclass(frozen=True)
class Reference:
    """A name that code uses, with the attributes that are read of it at once.

    Attributes:
        kind: ``global``, ``closure`` or ``import``.
        name: The name; for imports the module, with a dot for each level up.
        attributes: What is read of it: ``("path", "join")`` for ``os.path.join``.
        line: The line of the source.
        steps: The steps of the code that uses it.
        end: The place of the last step that belongs to it.
        exported: Whether an import binds the package of a dotted name (``import a.b``), not the module.
        local: The local variables of that code, by name.
    """

    kind: str
    name: str
    attributes: tuple[str, ...] = ()
    line: int | None = None
    steps: Sequence[Step] = field(default=(), repr=False, compare=False)
    end: int = field(default=0, compare=False)
    exported: bool = False
    local: Mapping[str, Sequence[Reference]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The name with its attributes."""
        return ".".join([self.name, *self.attributes])

    def following(self, count: int) -> list[Step]:
        """Return the steps that follow."""
        return list(self.steps[self.end + 1 : self.end + 1 + count])

    @property
    def only_compared(self) -> bool:
        """Whether the value is only returned, compared or joined with another: never looked into."""
        return _only_compared(self.steps, self.end)

    @property
    def called_with(self) -> Sequence[Any] | None:
        """The constants that it is called with, all by position; ``None`` where it is not called so."""
        constants = []
        for step in self.steps[self.end + 1 :]:
            if step.name in ("LOAD_CONST", "LOAD_SMALL_INT"):
                constants.append(step.value)
            elif step.name == "CALL" and step.value == len(constants):
                return constants
            else:
                return None
        return None

    @property
    def divided_by(self) -> Sequence[str]:
        """The texts that it is divided by, one after the other: ``("a", "b.txt")`` of ``HERE / "a" / "b.txt"``."""
        texts: list[str] = []
        for name, operator in zip(self.steps[self.end + 1 :: 2], self.steps[self.end + 2 :: 2], strict=False):
            if name.name != "LOAD_CONST" or not isinstance(name.value, str):
                break
            if operator.name != "BINARY_OP" or not _is_operator(operator, "/"):
                break
            texts.append(name.value)
        return texts

    @property
    def is_called_with_two(self) -> bool:
        """Whether it is called at once, with at least two arguments (as far as can be seen)."""
        following = self.following(2)
        return len(following) > 1 and all(s.name.startswith("LOAD_") and s.name not in ATTRIBUTE for s in following)

    @property
    def is_called_with_something(self) -> bool:
        """Whether it is called at once, with at least one argument (as far as can be seen)."""
        following = self.following(1)
        return bool(following) and following[0].name.startswith("LOAD_")


@dataclass(frozen=True)
class Change:
    """State that code keeps beyond a call.

    Attributes:
        what: What it changes.
        line: The line of the source.
        on: What it changes a part of, where only its value tells whether that matters.
    """

    what: str
    line: int | None
    on: Reference | None = None


@dataclass
class Found:
    """What a function's code refers to, that of code in it included."""

    references: list[Reference] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    methods: list[tuple[str, int | None]] = field(default_factory=list)
    """The attributes that are read of anything at all, with their lines."""
    unknown: list[tuple[str, int | None]] = field(default_factory=list)
    """Those of them that are read of what no name stands for."""
    texts: set[str] = field(default_factory=set)
    """The texts among its constants."""


def references(canonical: Canonical) -> Found:
    """Return what a function's code refers to."""
    found = Found()
    _scan(canonical, {}, frozenset(canonical.code.co_freevars), found)
    return found


def _scan(canonical: Canonical, outer: Mapping[str, Sequence[Reference]], cells: frozenset[str], found: Found) -> None:
    """Collect what one code object refers to, and what the code in it does.

    Args:
        canonical: The code.
        outer: Names of the functions around it -> what they stand for, where that is known.
        cells: The names that the function's closure holds.
        found: Where it is collected.
    """
    code, steps = canonical.code, _simple(canonical.steps)
    stored = {step.value for step in steps if step.name in STORE}
    bound: dict[str, list[Reference]] = {}
    chains: list[Reference] = []
    for _ in range(len(stored) + LONGEST):  # what a local stands for may be what another one stands for
        names = {**{name: known for name, known in outer.items() if name in code.co_freevars}, **bound}
        chains = list(_chains(steps, names, code, cells))
        again: dict[str, list[Reference]] = {}
        for chain in chains:
            following = chain.following(1)
            if following and following[0].name in STORE:
                known_by = again.setdefault(following[0].value, [])
                told = replace(chain, attributes=chain.attributes[:LONGEST])
                same = any((k.kind, k.name, k.attributes) == (told.kind, told.name, told.attributes) for k in known_by)
                if not same and len(known_by) < MANY:
                    known_by.append(told)
        if again == bound:
            break
        bound = again
    found.references += [replace(chain, local=bound) for chain in chains if not _is_only_named(chain, code)]
    ends = {chain.end: chain for chain in chains}
    found.changes += _changes(steps, ends, code, cells)
    found.methods += [(step.value, step.line) for step in steps if step.name in ATTRIBUTE]
    named = {place for chain in chains for place in _places(chain)}
    found.unknown += [
        (step.value, step.line) for place, step in enumerate(steps) if step.name in ATTRIBUTE and place not in named
    ]
    found.texts |= {step.value for step in steps if isinstance(step.value, str) and step.name == "LOAD_CONST"}
    inner_names = {**{name: known for name, known in outer.items() if name in code.co_freevars}, **bound}
    for inner in canonical.inner:
        visible = {name: known for name, known in inner_names.items() if name in inner.code.co_freevars}
        held = frozenset(cells & set(inner.code.co_freevars)) - set(code.co_cellvars)
        _scan(inner, visible, held, found)


def _places(chain: Reference) -> Iterator[int]:
    """Yield the places of the steps that read the attributes of a name at once."""
    place = chain.end
    while place >= 0 and chain.steps[place].name in ATTRIBUTE:
        yield place
        place -= 1


def _is_only_named(chain: Reference, code: CodeType) -> bool:
    """Return whether all that is done with a value is to give it a local name, whose uses are seen."""
    following = chain.following(1)
    if not following or following[0].name not in STORE or following[0].name == "STORE_NAME":
        return False
    return not (following[0].name == "STORE_DEREF" and following[0].value in code.co_freevars)


def _simple(steps: Iterable[Step]) -> list[Step]:
    """Return the steps with those that do two things at once taken apart."""
    simple: list[Step] = []
    places: list[int] = []
    for step in steps:
        places.append(len(simple))
        if isinstance(step.value, tuple) and step.name.count("_FAST") == 2:  # noqa: PLR2004 - two at once
            first, second = _halves(step.name)
            simple += [replace(step, name=first, value=step.value[0]), replace(step, name=second, value=step.value[1])]
        else:
            simple.append(step)
    return [
        replace(step, value=places[step.value]) if step.name == "JUMP_FORWARD" and step.value < len(places) else step
        for step in simple
    ]


def _halves(name: str) -> tuple[str, str]:
    parts = name.replace("_BORROW", "").split("_")
    return f"{parts[0]}_FAST", f"{parts[2]}_FAST"


def _chains(
    steps: Sequence[Step],
    names: Mapping[str, Sequence[Reference]],
    code: CodeType,
    cells: frozenset[str],
) -> Iterator[Reference]:
    """Yield the names that steps use, each with the attributes that are read of it."""
    current: list[Reference] = []
    base: Reference | None = None
    for place, step in enumerate(steps):
        if step.name in ATTRIBUTE and current:
            current = [replace(c, attributes=(*c.attributes, step.value), end=place, line=step.line) for c in current]
            continue
        if step.name == "IMPORT_FROM" and base is not None:
            whole = base.exported
            held = current[0] if whole and current else base
            if not whole:
                yield from current
            current = [replace(held, attributes=(*held.attributes, step.value), end=place, line=step.line)]
            continue
        if base is not None and base.exported and step.name in ("SWAP", "POP_TOP") and current:
            following = [each.name for each in steps[place + 1 : place + 3]]
            if step.name == "SWAP" or "IMPORT_FROM" in following[:1]:
                continue
        yield from current
        current = []
        if step.name == "IMPORT_NAME":
            level, wanted = steps[place - 2].value, steps[place - 1].value
            exported = wanted is None
            name = "." * level + step.value
            base = Reference(IMPORT, name, (), step.line, steps, place, exported=exported)
            current = [base] if exported else []
            continue
        if step.name in STORE and base is not None:
            continue
        base = None
        current = _root(step, place, steps, names, code, cells)
    yield from current


def _root(  # noqa: PLR0913 - what a name may stand for
    step: Step,
    place: int,
    steps: Sequence[Step],
    names: Mapping[str, Sequence[Reference]],
    code: CodeType,
    cells: frozenset[str],
) -> list[Reference]:
    """Return what a step puts on the stack, where that is a name that stands for something known."""
    found: list[Reference] = []
    if step.name in READ_LOCAL or step.name in READ_CELL:
        found += [replace(known, steps=steps, end=place, line=step.line) for known in names.get(step.value, ())]
    if step.name in READ_CELL and step.value in cells and step.value in code.co_freevars:
        found.append(Reference(CELL, step.value, (), step.line, steps, place))
    if step.name in READ_GLOBAL and not (step.name == "LOAD_NAME" and _is_stored_before(steps, place)):
        found.append(Reference(GLOBAL, step.value, (), step.line, steps, place))
    return found


def _is_stored_before(steps: Sequence[Step], place: int) -> bool:
    """Return whether the body of a class has given a name its own value, whatever way it took."""
    for step in steps[:place]:
        if "JUMP" in step.name or step.name in ("FOR_ITER", "SEND"):
            return False
        if step.name == "STORE_NAME" and step.value == steps[place].value:
            return True
    return False


def _changes(
    steps: Sequence[Step], ends: Mapping[int, Reference], code: CodeType, cells: frozenset[str]
) -> Iterator[Change]:
    """Yield what steps change that outlives the call."""
    for place, step in enumerate(steps):
        if step.name in ("STORE_GLOBAL", "DELETE_GLOBAL"):
            yield Change(f"changes the global {step.value}", step.line)
        elif step.name in ("STORE_DEREF", "DELETE_DEREF") and step.value in cells and step.value in code.co_freevars:
            yield Change(f"changes {step.value}, which is kept between calls", step.line)
        elif step.name in ("STORE_ATTR", "DELETE_ATTR") and (on := ends.get(_before_copy(steps, place) - 1)):
            yield Change(f"sets {on.path}.{step.value}, which is kept between calls", step.line, on)
        elif step.name in ("STORE_SUBSCR", "DELETE_SUBSCR"):
            on_part = ends.get(_before_operand(steps, _before_copy(steps, place)))
            if on_part is not None:
                yield Change(f"sets an entry of {on_part.path}, which is kept between calls", step.line, on_part)


def _before_copy(steps: Sequence[Step], place: int) -> int:
    """Return where an augmented assignment has read what it changes; the place itself of any other one."""
    if not place or steps[place - 1].name != "SWAP":
        return place
    first = next((at for at in range(place - 1, -1, -1) if steps[at].name == "COPY"), place)
    return first - 1 if first and steps[first - 1].name == "COPY" else first


def _before_operand(steps: Sequence[Step], place: int) -> int:
    """Return the place of the step before those that made the uppermost value of the stack."""
    wanted = 1
    for earlier in range(place - 1, -1, -1):
        step = steps[earlier]
        wanted -= _effect(step)
        if wanted <= 0:
            return earlier - 1
    return -1


def _effect(step: Step) -> int:
    """Return by how much a step makes the stack higher, near enough for an operand."""
    if step.name.startswith(("LOAD_CONST", "LOAD_FAST", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_NAME", "LOAD_SMALL_INT")):
        return 1
    if step.name in ATTRIBUTE:
        return 0
    if step.name == "CALL":
        return -int(step.value)
    if step.name.startswith(("BINARY_SUBSCR", "BINARY_OP", "COMPARE_OP", "IS_OP", "CONTAINS_OP")):
        return -1
    if step.name.startswith(("BUILD_", "FORMAT_")):
        return 1 - int(step.value) if isinstance(step.value, int) else 0
    return 0


def _only_compared(steps: Sequence[Step], end: int, depth: int = 0) -> bool:
    """Return whether the value that is on the stack after a step is only returned, compared or joined."""
    if end + 1 >= len(steps) or depth > 5:  # noqa: PLR2004 - unions of labels are short
        return False
    step = steps[end + 1]
    if step.name in ("RETURN_VALUE", "POP_TOP"):
        return True
    if step.name in ONLY_COMPARES or step.name.startswith("POP_JUMP"):
        return step.name in ("COMPARE_OP", "IS_OP", "CONTAINS_OP", "UNARY_NOT", "TO_BOOL") or _only_compared(
            steps, end + 1, depth + 1
        )
    if step.name == "BINARY_OP":
        return _is_or(step) and _only_compared(steps, end + 1, depth + 1)
    if step.name == "JUMP_FORWARD" and isinstance(step.value, int):
        return _only_compared(steps, step.value - 1, depth + 1)
    if step.name in ("LOAD_GLOBAL", "LOAD_FAST", "LOAD_DEREF", "LOAD_FAST_BORROW") and end + 2 < len(steps):
        joined = steps[end + 2]
        if joined.name in ("COMPARE_OP", "IS_OP"):
            return True
        if joined.name == "BINARY_OP":
            return _is_or(joined) and _only_compared(steps, end + 2, depth + 1)
    return False


def _is_or(step: Step) -> bool:
    return _is_operator(step, "|")


def _is_operator(step: Step, sign: str) -> bool:
    operators = getattr(dis, "_nb_ops", ())
    return isinstance(step.value, int) and step.value < len(operators) and operators[step.value][1] == sign
