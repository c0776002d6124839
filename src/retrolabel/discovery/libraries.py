"""Objects that libraries make: arrays, frames, models, matchers, and whatever can be taken apart."""

from __future__ import annotations

import gc
import hashlib
import logging
import sys
import threading
import types
import typing
from typing import TYPE_CHECKING, Any

from retrolabel.discovery.ground import UNSEEN_OBJECT, is_own, reduced, without_address
from retrolabel.discovery.nodes import Node, Refusal
from retrolabel.discovery.objects import ADDRESSES, Objects
from retrolabel.discovery.packages import OWN, PACKAGE, STDLIB, kind_of_module
from retrolabel.discovery.plain import shortened
from retrolabel.discovery.unseen import unseen
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from pathlib import Path

LEAVES = (logging.Logger, type(threading.Lock()), type(threading.RLock()))
"""Objects that carry nothing which votes depend on."""
TYPE_LIKE = (type(typing.Any), types.UnionType, type(typing.TypeVar("T")))
"""What annotations are made of."""
UNTOLD = {"snorkel": {"_cache", "name"}}
"""What objects of a package hold that no vote depends on: what was computed before, what people call it."""


def _told(value: object, state: Any) -> Any:  # noqa: ANN401 - whatever an object is made from
    """Return the state of an object without what no vote depends on."""
    left_out = ADDRESSES | UNTOLD.get(type(value).__module__.partition(".")[0], set())
    if type(state) is dict and left_out & state.keys():
        return {name: held for name, held in state.items() if name not in left_out}
    return state


NORM = 67
"""spaCy's number of what a word is normalised to."""
EXTENSIONS = ("doc_extensions", "span_extensions", "token_extensions")
"""Where spaCy keeps the attributes that projects give to texts."""


def _categories(dtype: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - of pandas or numpy
    if type(dtype).__name__ != "CategoricalDtype":
        return []
    return [("categories", dtype.categories), ("ordered", bool(dtype.ordered))]


def _bytes_of(array: Any) -> bytes:  # noqa: ANN401 - of numpy, or of what spaCy computes with
    return bytes(array.tobytes() if hasattr(array, "tobytes") else b"")


def _schema(schema: Any) -> str:  # noqa: ANN401 - of Arrow
    """Return the fields of a schema with all their metadata, which its text cuts short."""
    return "\n".join(repr(part) for part in [schema.metadata, *((each, each.metadata) for each in schema)])


def _dictionaries(array: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - an Arrow array, chunked or not
    parts = array.chunks if hasattr(array, "chunks") else [array]
    return [("dictionary", part.dictionary) for part in parts if hasattr(part, "dictionary")]


class Libraries(Objects):
    """Finds what objects of libraries depend on."""

    def __init__(self, project: Path) -> None:
        super().__init__(project)
        self._in_library = 0

    def library_object(self, value: Any, kind: str) -> Node:  # noqa: ANN401 - an object of some library
        """Return an object of a library as what makes one like it: its class, arguments, state."""
        name = f"{type(value).__module__}.{type(value).__qualname__}"
        what = f"a {name}"
        if isinstance(value, LEAVES):
            return self.remember(value, self.data(what, name))
        if type(value) is threading.local:
            return self.parts(value, what, [("content", dict(value.__dict__))], data=True)
        if hasattr(value, "__origin__") and hasattr(value, "__args__"):
            more = [("metadata", value.__metadata__)] if hasattr(value, "__metadata__") else []
            return self.parts(value, "type", [("of", value.__origin__), ("arguments", value.__args__), *more])
        if isinstance(value, TYPE_LIKE) or type(value).__module__ == "typing":
            return self.remember(value, self.data("type", shortened(digest(without_address(repr(value))))))
        if any(value is stream for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)):
            return self.remember(value, self.data("stream", "stream"))
        if name == "functools.KeyWrapper":  # what functools.cmp_to_key makes of a function
            return self.parts(value, what, [("of", [f for f in gc.get_referents(value) if not isinstance(f, type)])])
        if hasattr(value, "__next__"):
            return self.remember(value, self.refused(what, "is used up by the first call", UNSEEN_OBJECT))
        why = unseen(name)
        if why:
            return self.remember(value, self.refused(what, why.why, why.remedy))
        return self._made(value, kind, self.remember(value, Node(what, name, data=kind == STDLIB)))

    def _made(self, value: Any, kind: str, node: Node) -> Node:  # noqa: ANN401 - the same
        try:
            made = reduced(value)
        except Exception as error:  # noqa: BLE001 - it is up to the object what it raises
            node.data = False
            node.refusals.append(Refusal(f"{node.what} cannot be read ({str(error)[:80]})", UNSEEN_OBJECT))
            return node
        if kind == PACKAGE:
            node.add("package", self.package(type(value).__module__))
        if isinstance(made, str):
            return self._global(value, made, node)
        self._in_library += kind == PACKAGE
        for label, part in zip(("made by", "arguments", "state", "entries", "pairs", "set by"), made, strict=False):
            if part is not None:
                held = list(part) if label in ("entries", "pairs") else part
                node.add(label, self.node(_told(value, held) if label == "state" else held))
        self._in_library -= kind == PACKAGE
        return node

    def _global(self, value: Any, name: str, node: Node) -> Node:  # noqa: ANN401 - a thing known by name
        module = getattr(value, "__module__", None) or type(value).__module__
        for home in (module, type(value).__module__, type(value).__module__.partition(".")[0]):
            found: Any = sys.modules.get(home)
            for part in name.split("."):
                found = getattr(found, part, None)
            if found is value:
                node.value = f"{home}.{name}"
                return node
        node.data = False
        node.refusals.append(Refusal(f"{node.what} is known by the name {name} only", UNSEEN_OBJECT))
        return node

    def known_object(self, value: Any) -> Node | None:  # noqa: ANN401 - what pandas, numpy, spaCy and others make
        """Return an object of a library that is known here, by value; ``None`` for others."""
        top = type(value).__module__.partition(".")[0]
        if top == "numpy":
            return self._numpy(value)
        if top == "pandas":
            return self._pandas(value)
        if top == "pyarrow":
            return self._arrow(value)
        if top == "torch" and hasattr(value, "detach"):
            return self.parts(value, "tensor", [("values", value.detach().cpu().numpy()), ("type", str(value.dtype))])
        if any(base.__module__.partition(".")[0] == "spacy" for base in type(value).__mro__):
            return self._spacy(value)
        return None

    def _numpy(self, value: Any) -> Node | None:  # noqa: ANN401 - an array or a number
        import numpy as np  # noqa: PLC0415 - only if the project has imported it

        if isinstance(value, (np.ndarray, np.generic)) and type(value).__name__ != "matrix":
            array = np.asarray(value)
            what = f"{type(value).__name__} of {array.dtype.str} {array.shape}"
            if isinstance(value, np.ma.MaskedArray):
                held = [("values", value.filled()), ("mask", np.ma.getmaskarray(value)), ("fill", value.fill_value)]
                return self.parts(value, "masked array", held, data=True)
            if array.dtype.hasobject:
                return self.parts(value, f"array {what}", [("kind", what), ("values", array.tolist())], data=True)
            fields = str(array.dtype.descr)
            return self.parts(
                value, "array", [("kind", what), ("fields", fields), ("values", array.tobytes())], data=True
            )
        return None

    def _pandas(self, value: Any) -> Node | None:  # noqa: ANN401 - a frame, a series, an index
        import pandas as pd  # noqa: PLC0415 - only if the project has imported it

        if isinstance(value, pd.DataFrame):
            columns = [(f"column {place}", value.iloc[:, place]) for place in range(value.shape[1])]
            parts = [("columns", value.columns), ("index", value.index), *columns, ("attrs", value.attrs)]
            return self.parts(value, "frame", parts, data=True)
        if isinstance(value, pd.Series):
            parts = [("name", value.name), ("kind", str(value.dtype)), ("index", value.index),
                     ("values", value.to_list()), ("attrs", value.attrs), *_categories(value.dtype)]  # fmt: skip
            return self.parts(value, "series", parts, data=True)
        if isinstance(value, pd.Index):
            parts = [("class", type(value).__name__), ("kind", str(value.dtype)), ("names", list(value.names)),
                     ("values", value.to_list()), *_categories(value.dtype)]  # fmt: skip
            return self.parts(value, "index", parts, data=True)
        return None

    def _arrow(self, value: Any) -> Node | None:  # noqa: ANN401 - a table, an array, a value, a type
        if hasattr(value, "schema") and hasattr(value, "to_pydict"):
            schema = _schema(value.schema)
            coded = [part for column in value.columns for part in _dictionaries(column)]
            return self.parts(value, "table", [("schema", schema), ("values", value.to_pydict()), *coded], data=True)
        if hasattr(value, "to_pylist"):
            held = [("kind", str(value.type)), ("values", value.to_pylist()), *_dictionaries(value)]
            return self.parts(value, "arrow", held, data=True)
        if hasattr(value, "as_py"):
            return self.parts(value, "arrow", [("kind", str(value.type)), ("value", value.as_py())], data=True)
        if type(value).__name__ == "Schema":
            return self.remember(value, self.data("type", _schema(value)))
        if type(value).__name__.endswith(("DataType", "Type", "Field", "Schema")):
            return self.remember(value, self.data("type", str(value)))
        return None

    def _spacy(self, value: Any) -> Node | None:  # noqa: ANN401 - a pipeline, a vocabulary, a text
        names = {base.__name__ for base in type(value).__mro__ if base.__module__.partition(".")[0] == "spacy"}
        if "Language" in names:
            return self._language(value)
        if "Vocab" in names:
            node = self.remember(value, Node("vocab", value.lang))
            self._vocabulary(value, node)
            return node
        if "Matcher" in names and hasattr(value, "_filter"):
            node = self._made(value, PACKAGE, self.remember(value, Node("a spacy matcher", "matcher")))
            node.add("greedy", self.node(dict(value._filter)))  # noqa: SLF001 - pickling leaves it out
            if value._extensions:  # noqa: SLF001 - the same
                self.all_extensions(node)
            return node
        if "Doc" in names:
            parts = [("words", [each.text for each in value]), ("attributes", value.to_bytes(exclude=["user_data"])),
                     ("user data", dict(value.user_data))]  # fmt: skip
            return self.parts(value, "doc", parts)
        if "StringStore" in names:
            return self.remember(value, self.data("strings", "strings"))
        return None

    def _vocabulary(self, vocab: Any, node: Node) -> None:  # noqa: ANN401 - spaCy ships no types that hold
        """Add what a vocabulary holds beyond its words: vectors, norms that were set, flags of the project's own."""
        if vocab.vectors.shape[0]:
            held = hashlib.sha256(_bytes_of(vocab.vectors.data))
            held.update(repr(sorted(vocab.vectors.key2row.items())).encode())
            node.add("vectors", self.data("vectors", shortened(held.hexdigest())))
        norm = vocab.lex_attr_getters.get(NORM)
        if norm is not None:
            changed = sorted((each.text, each.norm_) for each in vocab if each.norm_ != norm(each.text))
            node.add("norms", self.data("norms", self.plain.digest(changed)))
        for number, getter in sorted(vocab.lex_attr_getters.items()):
            if is_own(getter) or getattr(getter, "__self__", None) is not None:
                node.add(f"flag {number}", self.node(getter))

    def all_extensions(self, node: Node) -> None:
        """Add all attributes that the project gave to spaCy's texts, where it cannot be told which are asked for."""
        underscore: Any = sys.modules.get("spacy.tokens.underscore")
        for kind in EXTENSIONS if underscore is not None else ():
            for name, held in sorted(getattr(underscore.Underscore, kind).items()):
                node.add(f"extension {name}", self.node(held))

    def _language(self, nlp: Any) -> Node:  # noqa: ANN401 - spaCy ships no types that hold
        told = {name: nlp.meta.get(name) for name in ("lang", "name", "version", "pipeline")}
        node = self.remember(nlp, Node(f"model {told['lang']}_{told['name']} {told['version']}"))
        node.value = self.plain.value([told["lang"], told["name"], told["version"], list(nlp.pipe_names)])
        node.add("package", self.package("spacy"))
        node.add("config", self.data("config", self.plain.digest(nlp.config.to_str())))
        node.add("class", self.node(type(nlp)))
        stops = nlp.Defaults.stop_words
        flags = sorted((each.text, each.is_stop) for each in nlp.vocab if each.is_stop != (each.lower_ in stops))
        node.add("stop words", self.data("stop words", self.plain.digest([sorted(stops), flags])))
        self._vocabulary(nlp.vocab, node)
        for name, part in [("tokenizer", nlp.tokenizer), *nlp._components]:  # noqa: SLF001 - disabled ones too
            home = kind_of_module(getattr(part, "__module__", None) or type(part).__module__)
            if home != OWN and kind_of_module(type(part).__module__) != OWN and hasattr(part, "to_bytes"):
                held = part.to_bytes(exclude=["vocab"])
                node.add(f"component {name}", self.data(name, shortened(hashlib.sha256(held).hexdigest())))
            else:
                node.add(f"component {name}", self.node(part))
        return node
