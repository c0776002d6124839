"""What was asked and answered, as text: out of the values that an application gave a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

USER = ("user", "human")
ASSISTANT = ("assistant", "ai")
MESSAGES = ("messages", "input", "output")
"""Keys under which applications keep the messages of a conversation."""


def request_text(value: object) -> str | None:
    """Return what was asked: the last message of the user; a text as it is; other values as JSON.

    Args:
        value: The inputs of a trace.

    Example:
        >>> request_text({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}]})
        'Hi'
        >>> request_text({"question": "Where is it?"})
        'Where is it?'
        >>> request_text({"question": "Where is it?", "top": 3})
        '{"question":"Where is it?","top":3}'
    """
    return _text(value, USER)


def response_text(value: object) -> str | None:
    """Return what was answered: the last message of the assistant; a text as it is; other values as JSON.

    Args:
        value: The outputs of a trace.

    Example:
        >>> response_text({"choices": [{"message": {"role": "assistant", "content": "In Paris."}}]})
        'In Paris.'
        >>> response_text(None) is None
        True
    """
    if isinstance(value, dict) and isinstance(value.get("choices"), list):
        found = _last((each.get("message") for each in value["choices"] if isinstance(each, dict)), ASSISTANT)
        if found is not None:
            return found
    return _text(value, ASSISTANT)


def _text(value: object, roles: tuple[str, ...]) -> str | None:
    if value is None or isinstance(value, str):
        return value
    found = _said(value, roles)
    return found if found is not None else _compact(value)


def _said(value: object, roles: tuple[str, ...]) -> str | None:
    """Return the last message of one of these roles; or the one text that there is."""
    if isinstance(value, list):
        return _last(value, roles)
    if not isinstance(value, dict):
        return None
    if "role" in value:
        return _last([value], roles)
    for key in MESSAGES:
        if isinstance(value.get(key), list):
            found = _last(value[key], roles)
            if found is not None:
                return found
    only = next(iter(value.values())) if len(value) == 1 else None
    if isinstance(only, dict):  # the arguments of a function: {"request": {"messages": [...]}}
        return _said(only, roles)
    if isinstance(only, list):
        return _last(only, roles)
    return only if isinstance(only, str) else None


def _last(messages: Iterable[object], roles: tuple[str, ...]) -> str | None:
    """Return the content of the last message of one of these roles."""
    found = None
    for message in messages:
        if isinstance(message, dict) and (message.get("role") or message.get("type")) in roles:
            content = _content(message.get("content"))
            found = content if content is not None else found
    return found


def _content(content: object) -> str | None:
    """Return the text of a message: as it is, or of its parts that are texts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return None
    parts = [part if isinstance(part, str) else part.get("text") for part in content if isinstance(part, (str, dict))]
    texts = [part for part in parts if isinstance(part, str)]
    return "\n".join(texts) if texts else None


def _compact(value: Any) -> str:  # noqa: ANN401 - whatever an application gave
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
