"""Fuzzing of public functions: a working call with one or two arguments replaced by hostile ones.

A test gives a `Good` call for every public callable and runs `fuzz` on each of them::

    GOOD_CALLS = {"dlbook.data:line": Good(lambda: {"n": 5, "noise": 0.1, "seed": 0})}

    @pytest.mark.parametrize("name", sorted(GOOD_CALLS))
    def test_it_answers_or_names_what_is_wrong(name: str) -> None:
        fuzz(name, GOOD_CALLS[name])

`public_names` says of which callables there must be one. A call may return, if the arguments have
the annotated types and what it returns is right, or raise `TypeError`, `ValueError` or what its
docstring lists, in words that name the argument. All else is a `Defect`. More examples, with other
random numbers: ``pytest --hypothesis-profile=soak --hypothesis-seed=N``.
"""

import builtins
import inspect
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import resolve_name
from types import CodeType, ModuleType
from typing import Any, get_type_hints

import hostile
from guard import Outcome, guarded
from hypothesis import Phase, given, note, seed, settings
from hypothesis import strategies as st
from snapshot import finite, same, snapshot

Arguments = dict[str, Any]
SECONDS = 20.0  # a call that takes longer hangs
NO_MEMORY = "allocate memory|Storage size calculation overflowed"  # what torch says
PHASES = (Phase.generate, Phase.shrink)


class Defect(AssertionError):  # noqa: N818
    """Neither a right answer nor an error that says what is wrong."""


def _anything(result: Any, arguments: Arguments) -> bool:
    return True


@dataclass(frozen=True)
class Good:
    """A call that works.

    Attributes:
        arguments: makes the arguments anew, ``self`` for a method. A call may change them.
        holds: of the result and the arguments, whether the answer is right.
        use: what a reader does with the result at once, such as entering a block.
        nan: whether NaN may come out where none went in, as from a run that diverges.
        words: what messages may say instead of an argument's name.
        endless: numbers that say how long it takes; they are never replaced by huge ones.
        free: arguments that are left alone.
        changes: whether a call that fails late may have changed its arguments, as training does.
    """

    arguments: Callable[[], Arguments]
    holds: Callable[[Any, Arguments], bool] = _anything
    use: Callable[[Any], Any] = lambda result: result
    nan: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    endless: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    changes: bool = False


def fuzz(name: str, good: Good) -> None:
    """Try hostile arguments on a public callable, such as ``"dlbook.data:Samples.split"``."""

    @fuzz_settings(name)
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        arguments, replaced = _draw(data, name, good)
        note(f"{name}({', '.join(f'{key}={arguments[key]!r}' for key in replaced)}, …)")
        judge(name, good, arguments, replaced)

    attack()


def fuzz_settings(
    name: str, *, every: int = 2
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The settings of a property test that is made for ``name``.

    Each name meets other values, the same ones every time, but in a soak new ones.

    Args:
        name: of what is fuzzed.
        every: one in how many of the profile's examples is tried.
    """
    profile = settings()
    fuzzing = settings(
        profile, max_examples=profile.max_examples // every, database=None, phases=PHASES
    )
    if settings.get_current_profile_name() == "soak":
        return fuzzing
    return lambda test: seed(zlib.crc32(name.encode()))(fuzzing(test))


def judge(name: str, good: Good, arguments: Arguments, replaced: tuple[str, ...]) -> None:
    """Call it, and raise a `Defect` unless it answers rightly or names what is wrong."""
    function = resolve_name(name)
    before, codes = snapshot(arguments), set(_codes(arguments))
    was_finite, hints = finite(arguments), _hints(function)
    aliens = [key for key in replaced if not hostile.fits(arguments[key], hints.get(key, Any))]
    outcome = guarded(lambda: good.use(function(**arguments)), seconds=SECONDS)
    if outcome.error is not None:
        words = [word for key in replaced for word in _words(good, key, arguments[key])]
        _judge_error(outcome.error, function, words, codes)
        if not good.changes and not same(before, snapshot(arguments)):
            raise Defect(f"it raised {outcome.error!r} after changing its arguments")
    elif aliens:
        raise Defect(f"it took {', '.join(aliens)} of another type and returned {outcome.result!r}")
    else:
        _judge_result(outcome, good, arguments, was_finite)
    if outcome.warnings:
        raise Defect(f"it warned: {outcome.warnings[0]}")


def public_names(*modules: str) -> set[str]:
    """The public callables: functions and classes of ``__all__``, and the classes' methods.

    Where a module has no ``__all__``, what it defines without a leading underscore is public.
    """
    return {name for module in modules for name in _public(import_module(module))}


def _public(module: ModuleType) -> Iterator[str]:
    for name in getattr(module, "__all__", vars(module)):
        value = getattr(module, name)
        ours = getattr(value, "__module__", None) or ""
        if name.startswith("_") or not ours.startswith(module.__name__):
            continue
        if inspect.isfunction(value):
            yield f"{module.__name__}:{name}"
        if inspect.isclass(value) and not issubclass(value, Exception):
            yield f"{module.__name__}:{name}"
            for method, code in vars(value).items():
                if inspect.isfunction(code) and not method.startswith("_"):
                    yield f"{module.__name__}:{name}.{method}"


def _draw(data: st.DataObject, name: str, good: Good) -> tuple[Arguments, tuple[str, ...]]:
    """The arguments of a call with one, or sometimes two, replaced."""
    arguments = good.arguments()
    names = sorted(set(arguments) - {"self", *good.free})
    count = data.draw(st.sampled_from((1, 1, 1, min(2, len(names)))), label="how many")
    replaced = data.draw(st.permutations(names), label="which")[:count]
    for key in replaced:
        values = hostile.instead_of(arguments[key], huge=key not in good.endless)
        arguments[key] = data.draw(values, label=key)
    return arguments, tuple(replaced)


def _judge_error(
    error: BaseException, function: Any, words: list[str], codes: set[CodeType]
) -> None:
    if isinstance(error, hostile.Boom) or codes & set(_traceback_codes(error)):
        return  # the error of a function or model that was given is passed on as it is
    if isinstance(error, MemoryError) or re.search(NO_MEMORY, str(error)):
        return
    if not isinstance(error, (TypeError, ValueError, *_documented(function))):
        raise Defect(f"it raised {type(error).__name__}, which is not documented: {error}")
    if isinstance(error, TypeError | ValueError) and not re.search("|".join(words), str(error)):
        raise Defect(f"its message has none of {', '.join(words)}: {error!r}")


def _words(good: Good, key: str, value: Any) -> Iterator[str]:
    """What a message may call an argument; Python itself says how a function is to be called."""
    yield good.words.get(key, rf"\b{re.escape(key)}\b")
    if callable(value):
        yield re.escape(getattr(value, "__qualname__", type(value).__qualname__)) + r"(\.\w+)?\(\)"


def _judge_result(outcome: Outcome, good: Good, arguments: Arguments, was_finite: bool) -> None:
    if was_finite and not good.nan and not finite(outcome.result, inf=True):
        raise Defect(f"NaN came out, though none went in: {outcome.result!r}")
    if not good.holds(outcome.result, arguments):
        raise Defect(f"it returned what is not right: {outcome.result!r}")


def _documented(function: Any) -> Iterator[type[BaseException]]:
    """The exceptions that the docstring lists under ``Raises``."""
    section = (inspect.getdoc(function) or "").partition("Raises:")[2]
    owner = inspect.getmodule(function)
    for name in re.findall(r"^    ([\w.]+):", section, flags=re.MULTILINE):
        found = getattr(builtins, name, None) or getattr(owner, name, None)
        if isinstance(found, type) and issubclass(found, BaseException):
            yield found


def _hints(function: Any) -> dict[str, Any]:
    return get_type_hints(function.__init__ if inspect.isclass(function) else function)


def _codes(value: Any) -> Iterator[CodeType]:
    """The code of all functions among the arguments, and of what models do when called."""
    if isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _codes(item)
    for function in (value, *(getattr(value, name, None) for name in ("forward", "__init__"))):
        code = getattr(inspect.unwrap(function) if callable(function) else None, "__code__", None)
        if code is not None:
            yield code


def _traceback_codes(error: BaseException) -> Iterator[CodeType]:
    traceback = error.__traceback__
    while traceback is not None:
        yield traceback.tb_frame.f_code
        traceback = traceback.tb_next
