"""Small checks that are put together to describe a block: a value and its place in, problems out.

A problem reads as Slack words it: what is wrong, then where, as a JSON pointer.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[object, str], Iterator[str]]
"""Given a value and its JSON pointer, says what is wrong with it."""


def problem(what: str, pointer: str) -> str:
    """Word a problem as Slack does."""
    return f"{what} [json-pointer:{pointer}]"


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units, as Slack's clients count it.

    An emoji counts two: the stricter of the usual ways of counting, so that what passes here
    passes everywhere.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def string(most: int, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must be a string", pointer)
        elif units(value) > most:
            yield problem(f"must be less than {most + 1} characters", pointer)
        elif units(value) < least:
            yield problem(f"must be more than {least - 1} characters", pointer)

    return check


def matching(pattern: str, what: str) -> Check:
    """A string that is written in a certain way."""
    compiled = re.compile(pattern)

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield problem(what, pointer)

    return check


def url(most: int = 3000) -> Check:
    """An address of the web."""

    def check(value: object, pointer: str) -> Iterator[str]:
        yield from string(most)(value, pointer)
        if isinstance(value, str) and not re.match(r"(https?|slack)://[^\s]|mailto:[^\s]", value):
            yield problem("invalid url", pointer)

    return check


def one_of(*allowed: object) -> Check:
    """One of a few values."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if value not in allowed or isinstance(value, bool) != isinstance(allowed[0], bool):
            names = ", ".join(str(one) for one in allowed)
            yield problem(f"must be one of: {names}", pointer)

    return check


def boolean(value: object, pointer: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield problem("must be a boolean", pointer)


def whole(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must be an integer", pointer)
        elif not least <= value <= most:
            yield problem(f"must be between {least} and {most}", pointer)

    return check


def number(value: object, pointer: str) -> Iterator[str]:
    """Any number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield problem("must be a number", pointer)


def null(value: object, pointer: str) -> Iterator[str]:
    """Nothing."""
    if value is not None:
        yield problem("must be null", pointer)


def either(first: Check, second: Check) -> Check:
    """What one of two checks accepts; the first one's problems are told."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if list(second(value, pointer)):
            yield from first(value, pointer)

    return check


def both(first: Check, second: Check) -> Check:
    """What two checks accept."""

    def check(value: object, pointer: str) -> Iterator[str]:
        yield from first(value, pointer)
        yield from second(value, pointer)

    return check


def list_of(item: Check, most: int, least: int = 1) -> Check:
    """A list of so many values of one kind."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", pointer)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", pointer)
        for place, one in enumerate(value):
            yield from item(one, f"{pointer}/{place}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
            return
        for key in required:
            if key not in value:
                yield problem(f"missing required field: {key}", pointer)
        for key, one in value.items():
            if key in known:
                yield from known[key](one, f"{pointer}/{key}")
            else:
                yield problem(f"invalid additional property: {key}", pointer)

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check it has to pass."""

    def check(value: object, pointer: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
        elif not isinstance(kind, str) or kind not in kinds:
            yield problem(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            yield from kinds[kind](value, pointer)

    return check


def anything(value: object, pointer: str) -> Iterator[str]:  # noqa: ARG001 - a check like others
    """Whatever it is."""
    return iter(())


def strings_below(value: object, *keys: str) -> Iterator[str]:
    """Give every string that stands under one of these keys, however deep."""
    found: list[Any] = [value]
    while found:
        one = found.pop()
        if isinstance(one, dict):
            for key, inner in one.items():
                if key in keys and isinstance(inner, str):
                    yield inner
                found.append(inner)
        elif isinstance(one, list | tuple):
            found.extend(one)
