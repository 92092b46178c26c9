"""The single file's YAML reader reads what packs use as libyaml does, and refuses what it does not know."""

from __future__ import annotations

import contextlib
import random
import time
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.standalone.python.packs.yaml_file import read_yaml
from hakari.standalone.python.packs.yaml_text import Scalar
from hakari.standalone.python.words import Message, Refused
from tests.contract import good_cases

LIBRARY = sorted(
    (part.name, part.read_bytes())
    for pack in files("hakari.packs").joinpath("library").iterdir()
    if pack.is_dir()
    for part in [pack.joinpath("pack.yaml"), *pack.joinpath("requirements").iterdir()]
)
EVERYTHING = """\
# a comment
a: |
  x
   y

  z

b: >-   # folded
  one
  two

   deep
  three
c: "d\\
   e \\
   f\\tg\\u00e9 \\x41
   h"
'd''e': 'it''s
  two

  lines'
e: [a, "b", {c: d, "e": f?}, [ ],
  g , -1, x:y]
f:
- 1
- - 2
  - 3
-
  x: y
- z:
  - w
g: plain
  over lines

  and # comment
h: {}
i: ''
j:
k: a:b c#d -e
l: >+
  keep

m: |2
    two
   one
"n": ~
"""
SMALL = [good_cases.PACK, good_cases.TOLD, good_cases.FAIR, good_cases.OVERLAY, EVERYTHING]


def plain(node: Any) -> Any:
    """Return a node as nested texts."""
    if isinstance(node, Scalar):
        return node.text
    return [plain(item) for item in node] if isinstance(node, list) else {k: plain(v) for k, v in node.items()}


def by_libyaml(content: bytes) -> Any:
    return yaml.load(content.decode("utf-8-sig"), Loader=yaml.CBaseLoader)


@pytest.mark.parametrize(("name", "content"), LIBRARY)
def test_every_shipped_pack_is_read(name: str, content: bytes) -> None:
    assert plain(read_yaml(content, name)) == by_libyaml(content)


@pytest.mark.parametrize("text", SMALL)
def test_every_shape_is_read(text: str) -> None:
    assert plain(read_yaml(text.encode(), "x")) == by_libyaml(text.encode())
    assert plain(read_yaml(text.replace("\n", "\r\n").encode(), "x")) == by_libyaml(text.encode())
    assert plain(read_yaml(b"\xef\xbb\xbf" + text.encode(), "x")) == by_libyaml(text.encode())


BITS = [
    "\n", "\n  ", "  ", " ", "-", "- ", ": ", ":", "#", " #", "'", '"', "{", "}", "[", "]", ",", "|", "|\n", ">\n",
    "|-\n", "?", "? ", "&a ", "*a", "!", "%", "\t", "\\", "\\n", "a", "x: y", "---", "...", "\r", "\r\n", "é", "\u2028",
    "\x00", "~", "null", "  - b\n", "''", '""', "\n\n", "\n#c\n", ", ", "{a: b}", "[a, b]", "@", "`", "0",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_read_of_damaged_yaml_is_what_libyaml_reads(seed: int) -> None:
    rng = random.Random(seed)
    read = 0
    for _ in range(700):
        lines = rng.choice(SMALL).split("\n")
        start = rng.randrange(len(lines))
        text = "\n".join(lines[start : start + rng.randint(2, 25)]) if rng.random() < 0.6 else "\n".join(lines)
        for _ in range(rng.randint(1, 2)):
            at = rng.randrange(len(text) + 1)
            cut = at + (rng.randint(1, 4) if rng.random() < 0.4 else 0)
            text = text[:at] + (rng.choice(BITS) if rng.random() < 0.7 else "") + text[cut:]
        read += same_or_refused(text)
    assert read > 100


DOCUMENTS = st.recursive(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "S"]), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc é1", max_size=4), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.booleans(), st.sampled_from([None, '"', "'"]))
def test_what_yaml_writers_write_is_read_back(document: Any, flow: bool, quotes: str | None) -> None:
    text = yaml.dump(document, default_flow_style=flow, allow_unicode=True, default_style=quotes, width=40)
    same_or_refused(text)


@settings(max_examples=150, deadline=None)
@given(st.text("ab:-#'\"{}[],|>&*!%?@\\ \n\t", max_size=40))
def test_noise_is_read_as_libyaml_reads_it_or_refused(text: str) -> None:
    same_or_refused(text)


def same_or_refused(text: str) -> bool:
    """Require that what is read is what libyaml reads; return whether it was read."""
    try:
        mine = plain(read_yaml(text.encode(), "x"))
    except Refused:
        return False
    assert mine == by_libyaml(text.encode()), text
    return True


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a: &x 1\nb: *x", "start"), ("a: !!str 1", "start"), ("--- a", "document"), ("%YAML 1.1", "document"),
        ("? a\n: b", "start"), ("a:\tb", "rest"), ("[a: b]", "flow"), ("a: b: c", "colon"), ("'a", "quote"),
        ("a: 'b\nc'", "indent"), ('"\\q"', "escape"), ("x" * 60_000, "line"), ("a: |x\n  b", "header"),
        ("a\x00b", "control"), ("[a, b", "flow"), ("a: b\n  c: d", "colon"),
    ],
)  # fmt: skip
def test_yaml_that_is_not_read_is_said_to_be_so(text: str, kind: str) -> None:
    with pytest.raises(Refused) as error:
        read_yaml(text.encode(), "pack.yaml")
    assert error.value.message.key == "packs.at"
    problem = error.value.message.arguments["problem"]
    assert isinstance(problem, Message)
    assert problem.key in ("standalone.yaml.unread", "packs.yaml.empty")
    assert problem.arguments["what"].key.startswith("standalone.yaml."), kind


SPACES = " " * 49_000


@pytest.mark.parametrize(
    "text",
    [
        f"a: x{SPACES}y", f"a{SPACES}: y", f'a: "{SPACES}"', "a: '" + "\\' " * 9_000, 'a: "' + "\\\\" * 9_000 + '"',
        "a: [" + "x," * 24_000 + "]", "a: x\n" + "\n" * 200_000, "a: x\n" + "  y\n" * 9_000, "# x\n" * 100_000 + "a: b",
        "a: |\n" + "  y\n" * 100_000, "a: " + "x#" * 9_000, "- x\n" * 100_000, '"' + "a" * 49_000,
    ],
    ids=range(13),
)  # fmt: skip
def test_no_text_keeps_the_reader_long(text: str) -> None:
    """No line is read again and again: tens of thousands of signs cost moments."""
    began = time.process_time()
    with contextlib.suppress(Refused):
        read_yaml(text.encode(), "pack.yaml")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "packs.yaml.empty"), (b"# nothing\n", "packs.yaml.empty"), (b"a: 1\na: 2", "standalone.yaml.twice"),
        (b"{a: 1, a: 2}", "standalone.yaml.twice"), (b"\xff", "packs.yaml.not_utf8"),
        (b"[" * 30 + b"]" * 30, "packs.yaml.too_deep"), (b"- \n" * 200_001, "packs.yaml.too_many"),
        (b"a: " + b"x" * 20_001, "packs.yaml.too_long"), (b"#" * (10 * 2**20 + 1), "packs.yaml.too_large"),
        (b'"\\e[2J"', "packs.yaml.control"),
    ],
)  # fmt: skip
def test_what_is_too_much_or_twice_is_refused(content: bytes, key: str) -> None:
    with pytest.raises(Refused) as error:
        read_yaml(content, "pack.yaml")
    assert error.value.message.arguments["problem"].key == key
