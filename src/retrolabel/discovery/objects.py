"""Classes and objects of the project, labels, and what wraps functions."""

from __future__ import annotations

import abc
import dataclasses
import enum
import functools
import sys
import types
import weakref
from typing import TYPE_CHECKING, Any

from retrolabel.discovery.ground import UNSEEN_OBJECT, is_own, reduced, safely, without_address
from retrolabel.discovery.nodes import Node, Refusal, in_order
from retrolabel.discovery.packages import OURS, OWN, kind_of_module
from retrolabel.discovery.places import Places
from retrolabel.discovery.plain import shortened
from retrolabel.schema.fingerprints import label_meaning
from retrolabel.schema.labels import Label, LabelUnion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

KNOWN_BY_CLASS = {
    "__dict__", "__weakref__", "__module__", "__doc__", "__qualname__", "__firstlineno__", "__static_attributes__",
    "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__", "_abc_impl", "__parameters__",
    "__classdictcell__", "__type_params__",
}  # fmt: skip
"""What a class holds that no vote depends on."""
ENUM_PARTS = {
    "_member_names_", "_member_map_", "_value2member_map_", "_hashable_values_", "_unhashable_values_",
    "_unhashable_values_map_", "_member_type_", "_value_repr_", "_use_args_", "_new_member_", "__new_member__",
    "_generate_next_value_", "_boundary_", "_flag_mask_", "_singles_mask_", "_all_bits_", "_inverted_", "_order_",
}  # fmt: skip
"""What an enumeration makes of its members."""
DROP_IN = "retrolabel.interop.snorkel."
ADDRESSES = frozenset({"_stop_words_id"})
"""What scikit-learn keeps of an object's place in memory: another one in each process."""
C_CODE = (
    types.WrapperDescriptorType, types.MethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType,
    types.ClassMethodDescriptorType, types.MethodWrapperType,
)  # fmt: skip
"""What is written in C, and bound to a class."""
BUILT_IN = (dict, list, tuple, set, frozenset, str, bytes, int, float, complex, bytearray)
HEAP_TYPE = 1 << 9
"""The flag of a class that was made by a class statement, or as if by one."""
WRAPPERS: tuple[tuple[type, Callable[[Any], list[tuple[str, Any]]]], ...] = (
    (
        functools.partial,
        lambda v: [("function", v.func), ("arguments", v.args), ("names", v.keywords), ("attributes", v.__dict__)],
    ),
    (functools.partialmethod, lambda v: [("function", v.func), ("arguments", v.args), ("names", v.keywords)]),
    (functools.cached_property, lambda v: [("function", v.func)]),
    (property, lambda v: [("get", v.fget), ("set", v.fset), ("del", v.fdel)]),
    (staticmethod, lambda v: [("function", v.__func__)]),
    (classmethod, lambda v: [("function", v.__func__)]),
    (types.MappingProxyType, lambda v: [("entries", dict(v))]),
    (weakref.ref, lambda v: [("to", v())]),
)
"""What wraps a function, with its parts."""


class Objects(Places):
    """Finds what classes and objects depend on."""

    def label(self, label: Label) -> Node:
        """Return a label by its id and meaning."""
        node = self.name(f"label {label.id} {label_meaning(label)}", f"label {label.id}")
        node.value = shortened(label_meaning(label))
        if type(label) is not Label and not node.edges:
            node.add("class", self.node(type(label)))
        return node

    def union(self, vote: LabelUnion) -> Node:
        """Return a vote by the ids and meanings of its labels."""
        node = Node(f"votes {vote}", "all but" if vote.negated else "")
        for label in sorted(vote.labels, key=lambda each: each.id):
            node.add("label", self.label(label))
        return node

    def whole_label(self, value: Label | LabelUnion) -> Node:
        """Return a label by all that is in it, what people see included."""
        if isinstance(value, LabelUnion):
            labels = sorted(value.labels, key=lambda each: each.id)
            return self.parts(value, f"labels {value}", [("negated", value.negated), ("labels", labels)], data=True)
        parts: list[tuple[str, Any]] = [(each.name, getattr(value, each.name)) for each in dataclasses.fields(value)]
        if type(value) is not Label:
            parts += [("class", type(value)), ("more", getattr(value, "__dict__", {}))]
        return self.parts(value, f"label {value.id}, all of it", parts, data=type(value) is Label)

    def container(self, value: Any, kind: type) -> Node:  # noqa: ANN401 - a built-in container
        """Return a built-in container that holds more than plain data."""
        node = self.remember(value, Node(f"{kind.__name__} of {len(value)}", f"{kind.__name__} of {len(value)}"))
        node.data = True
        if kind is dict:
            for key, held in value.items():
                if isinstance(key, (str, int, float, bool, type(None))):
                    node.add(f"[{self.plain.value(key)}]", self.node(held))
                    node.add("key", self.node(key))
                else:
                    node.add("key", self.node(key))
                    node.add("entry", self.node(held))
            return node
        held = [self.node(each) for each in value]
        if kind in (set, frozenset):
            held = in_order(held)
        for place, each in enumerate(held):
            node.add(f"[{place}]", each)
        return node

    def wrapper(self, value: Any) -> Node | None:  # noqa: ANN401 - what functools and types wrap
        """Return what wraps a function as its parts; ``None`` for anything else."""
        if issubclass(type(value), C_CODE):
            home = getattr(value, "__objclass__", None) or type(getattr(value, "__self__", None))
            return self.remember(value, self.data("built-in", f"{home.__qualname__}.{value.__name__}"))
        if issubclass(type(value), functools._lru_cache_wrapper):  # noqa: SLF001 - its type has no other name
            kept = {k: v for k, v in value.__dict__.items() if k not in ("__wrapped__", "cache_parameters")}
            return self.parts(
                value, "cached", [("function", value.__wrapped__), *([("attributes", kept)] if kept else [])]
            )
        for kind, parts in WRAPPERS:
            if issubclass(type(value), kind):
                more = [] if type(value) is kind else [("class", type(value)), ("state", _state_of(value))]
                return self.parts(value, kind.__name__, [*parts(value), *more])
        if hasattr(type(value), "__wrapped__") and hasattr(
            value, "_self_wrapper"
        ):  # wrapt, which looks like what it wraps
            names = ("__wrapped__", "_self_wrapper", "_self_instance", "_self_enabled")
            held = [(name, safely(value, name)) for name in names]
            node = self.parts(value, "wrapt", [*held, ("state", _own_dict(value))])
            node.add("package", self.package("wrapt"))
            return node
        return None

    def class_(self, kind: type) -> Node:
        """Return a class: the project's with all that is in it, a library's by its name."""
        home = kind_of_module(kind.__module__)
        if home != OWN and _is_from_there(kind):
            return self.remember(kind, self.library(home, kind.__module__, kind.__qualname__))
        node = self.remember(kind, Node(f"class {kind.__module__}.{kind.__qualname__}", called=kind.__qualname__))
        for base in kind.__bases__:
            if base is not object:
                node.add("base", self.node(base))
        if type(kind) is not type:
            node.add("metaclass", self.node(type(kind)))
        names = []
        for name, value in sorted(vars(kind).items()):
            if name in KNOWN_BY_CLASS or self._is_machinery(kind, name, value):
                continue
            names.append(name)
            if _is_of_attrs(value):
                continue  # what __attrs_attrs__ tells makes it
            node.add(f"attribute {name}", self._member(name, value))
        names += self._members(kind, node)
        self._made_by_metaclass(kind, node)
        node.value = self.plain.value(names)
        return node

    def _members(self, kind: type, node: Node) -> list[str]:
        """Add the members of an enumeration; return their names."""
        if not issubclass(kind, enum.Enum):
            return []
        for name, member in kind.__members__.items():
            node.add(f"member {name}", self.node(member))
        made_by = vars(kind).get("_new_member_")
        made_by = getattr(made_by, "__func__", made_by)
        if made_by is not None and is_own(made_by):
            node.add("made by", self.node(made_by))
        return list(kind.__members__)

    def _member(self, name: str, value: Any) -> Node:  # noqa: ANN401 - whatever a class holds
        if name == "__dataclass_fields__":
            return self._fields(value)
        if name == "__slots__" and not isinstance(value, (str, tuple, list, dict)):
            return self.data("slots", "used up")
        return self.node(value)

    def _made_by_metaclass(self, kind: type, node: Node) -> None:
        """Add what only a metaclass knows: registered subclasses, fields that come of annotations."""
        if not type(kind).__module__.startswith(("builtins", "abc", "enum", "typing")):
            node.add("annotations", self._annotations(kind))
            for name, held in getattr(kind, "__private_attributes__", {}).items():
                node.add(f"private {name}", self.node([safely(held, "default"), safely(held, "default_factory")]))
            for name, field in getattr(kind, "__pydantic_fields__", {}).items():
                node.add(f"field {name}", self.data("field", self.plain.value(without_address(repr(field)))))
                node.add(f"rules {name}", self.node([field.annotation, field.metadata]))
                if getattr(field, "default_factory", None):
                    node.add(f"factory {name}", self.node(field.default_factory))
        if isinstance(kind, abc.ABCMeta):
            registered = [each() for each in abc._get_dump(kind)[0]]  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else tells
            known = sorted(f"{each.__module__}.{each.__qualname__}" for each in registered if each is not None)
            node.add("registered", self.data("registered", self.plain.value(known)))

    @staticmethod
    def _is_machinery(kind: type, name: str, value: object) -> bool:
        if issubclass(kind, enum.Enum) and (name in ENUM_PARTS or name in kind.__members__):
            return True
        if name.startswith("__pydantic_") or name in ("__class_vars__", "__private_attributes__", "__signature__"):
            return True
        return isinstance(value, types.FunctionType) and value.__module__ == "enum"

    def _annotations(self, kind: type) -> Node:
        found = vars(kind).get("__annotations__", {})
        shown = {
            str(name): value if isinstance(value, str) else without_address(repr(value))
            for name, value in found.items()
        }
        node = self.data("annotations", self.plain.value(shown))
        for name, value in found.items():
            if not isinstance(value, str):
                node.data = False
                node.add(f"annotation {name}", self.node(value))
        return node

    def _fields(self, fields: Mapping[str, dataclasses.Field[Any]]) -> Node:
        node = Node("fields", self.plain.value(list(fields)), data=True)
        for name, field in fields.items():
            settings = [field.init, field.repr, field.hash, field.compare, bool(field.kw_only), str(field._field_type)]  # type: ignore[attr-defined]  # noqa: SLF001
            node.add(f"field {name}", self.data("settings", self.plain.value(settings)))
            for label, value in (("default", field.default), ("factory", field.default_factory)):
                if value is not dataclasses.MISSING:
                    node.add(f"{label} {name}", self.node(value))
            if field.metadata:
                node.add(f"metadata {name}", self.node(dict(field.metadata)))
        return node

    def instance(self, value: Any) -> Node:  # noqa: ANN401 - an object of a class of the project
        """Return an object of a class of the project: its class, and its state by value."""
        kind = type(value)
        node = self.remember(value, Node(f"a {kind.__qualname__}"))
        node.add("class", self.node(kind))
        state: dict[str, Any] = dict(getattr(value, "__dict__", {}))
        for base in kind.__mro__:
            for name, member in vars(base).items():
                if isinstance(member, types.MemberDescriptorType) and name not in state:
                    state[name] = safely(value, name)
        for name in ADDRESSES | _computed_when_used(kind) | _untold(kind):
            state.pop(name, None)
        for name in sorted(state, key=str):
            node.add(f"attribute {name}", self.node(state[name]))
        node.value = self.plain.value([kind.__qualname__, sorted(map(str, state))])
        for base in BUILT_IN:
            if isinstance(value, base):
                node.add("content", self.node(_as_base(value, base)))
        foreign = [base for base in kind.__mro__ if base not in (*BUILT_IN, object) and not _is_project_class(base)]
        if foreign:
            self._foreign_state(value, node, foreign)
        return node

    def _foreign_state(self, value: Any, node: Node, bases: Sequence[type]) -> None:  # noqa: ANN401
        """Add what an object of the project keeps in the classes of libraries that its own is built on."""
        try:
            made: tuple[Any, ...] = tuple(reduced(value))
        except Exception:  # noqa: BLE001 - it is up to the object what it raises
            if any(not base.__flags__ & HEAP_TYPE for base in bases):
                node.refusals.append(Refusal(f"{node.what} has a state that cannot be seen", UNSEEN_OBJECT))
            return
        for label, part in zip(("made by", "arguments", "state", "entries", "pairs"), made, strict=False):
            if part is not None and label not in ("made by", "state"):
                node.add(label, self.node(list(part)))


def _is_of_attrs(value: object) -> bool:
    return type(value) is types.FunctionType and value.__code__.co_filename.startswith("<attrs generated")


def _state_of(value: object) -> dict[str, object]:
    return dict(getattr(value, "__dict__", {}))


def _own_dict(value: object) -> dict[str, object]:
    """Return the attributes that a proxy keeps for itself, not those of what it stands for."""
    return {name: held for name, held in _state_of(value).items() if name.startswith("_self_")}


def _computed_when_used(kind: type) -> set[str]:
    """Return the names under which objects of a class keep what they computed when they were asked first."""
    held = [(name, value) for base in kind.__mro__ for name, value in vars(base).items()]
    return {value.attrname or name for name, value in held if isinstance(value, functools.cached_property)}


def _untold(kind: type) -> set[str]:
    """Return what objects of our own classes hold that no vote depends on: names, and what mappers remember."""
    names = {"__name__"} if kind_of_module(kind.__module__) == OURS else set()
    names |= {"name"} if kind.__module__.startswith(DROP_IN) else set()
    return names | ({"_cache"} if any(base.__module__.startswith(DROP_IN) for base in kind.__mro__) else set())


def _as_base(value: Any, base: type) -> Any:  # noqa: ANN401 - a subclass of a built-in
    if base is dict:
        return dict(dict.items(value))
    if base in (list, tuple, set, frozenset):
        return base(base.__iter__(value))
    if base is int:
        return int.__int__(value)
    if base is float:
        return float.__float__(value)
    if base is str:
        return str.__str__(value)
    return base(value)


def _is_from_there(kind: type) -> bool:
    """Return whether a class is found in the module that it names: one made at run time may name any."""
    if not kind.__flags__ & HEAP_TYPE or "<locals>" in kind.__qualname__:
        return True
    found: Any = sys.modules.get(kind.__module__)
    if found is None:
        return True
    for part in kind.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is kind or not _is_plainly_made(kind)


def _is_plainly_made(kind: type) -> bool:
    """Return whether the class statement of a project, or a function of a library for it, may have made a class."""
    return any(is_own(value) for value in vars(kind).values()) or "__dataclass_fields__" in vars(kind)


def _is_project_class(kind: type) -> bool:
    return kind_of_module(kind.__module__) == OWN or not _is_from_there(kind)
