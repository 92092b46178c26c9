"""YAML text: the scalars of YAML, that is quoted, plain and block text with its folding. No value has a type here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from hakari.standalone.python.words import Message, Refused, say
from hakari.standalone.python.work import spend

__all__ = ["Scalar", "Text"]

_LONGEST_SCALAR = 20_000
_LARGEST_FILE = 10 * 2**20
_YAML_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEADER = re.compile(r"([|>])(?:([+-])([1-9])?|([1-9])([+-])?)? *(?: #.*)?\Z")
_NO_START = re.compile(r"[&*!|>%@`'\"#,\[\]{}]|[-?:](\s|\Z)")
_NO_START_IN_FLOW = re.compile(r"[&*!|>%@`'\"#,\[\]{}?:]|-([\s,\[\]{}]|\Z)")
_LONGEST_LINE = 50_000
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Scalar:
    """One value as it was written."""

    text: str
    plain: bool
    """True if it stood without quotes."""


class Text:
    """The lines of a file and the place that is read next."""

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        self.row = self.column = 0
        self.lines: list[str] = []
        if len(content) > _LARGEST_FILE:
            raise self.refuse(say("packs.yaml.too_large", size=len(content), limit=_LARGEST_FILE))
        try:
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise self.refuse(say("packs.yaml.not_utf8", byte=f"0x{content[error.start]:02x}")) from None
        spend(1e-6 * text.count("\n") + 1e-7 * len(text))
        self.lines = text.split("\n")
        for row, line in enumerate(self.lines):
            self.row = row
            if len(line) > _LONGEST_LINE:
                raise self.unread("line")
            if re.search(
                r"[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]", line
            ):
                raise self.unread("control")
            if re.match(r"(---|\.\.\.)(\s|\Z)|%", line):
                raise self.unread("document")
        self.row = 0

    def refuse(self, problem: Message) -> Refused:
        """Return the error that names the file and the line."""
        return Refused(say("packs.at", place=f"{self.file}:{self.row + 1}", problem=problem))

    def unread(self, what: str) -> Refused:
        """Return the error that says which kind of YAML this reader does not read."""
        return self.refuse(say("standalone.yaml.unread", what=say(f"standalone.yaml.{what}")))

    @property
    def line(self) -> str:
        """The line that is read."""
        return self.lines[self.row]

    @property
    def rest(self) -> str:
        """What stands in the line from the present place on."""
        return self.lines[self.row][self.column :]

    def skip(self) -> bool:
        """Go to the next letter that says something, past spaces, comments and empty lines; False at the end."""
        while self.row < len(self.lines):
            rest = self.rest
            found = len(rest) - len(rest.lstrip(" "))
            self.column += found
            start = rest[found : found + 1]
            if start == "\t":
                raise self.unread("tab")
            if start and not (start == "#" and (self.column == 0 or self.line[self.column - 1] == " ")):
                return True
            self.row, self.column = self.row + 1, 0
        return False

    def ended(self) -> None:
        """Require that nothing but a comment follows in the line."""
        if not re.match(r" *( #.*)?\Z", self.rest):
            raise self.unread("rest")

    def kept(self, text: str, plain: bool) -> Scalar:
        """Return a scalar within its limits."""
        if len(text) > _LONGEST_SCALAR:
            raise self.refuse(say("packs.yaml.too_long", length=len(text), limit=_LONGEST_SCALAR))
        for sign in text:
            if sign not in "\n\t\r" and (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in _TURNING):
                raise self.refuse(say("packs.yaml.control", text=text[:60], code=f"U+{ord(sign):04X}"))
        return Scalar(text, plain)

    def next_line(self, indent: int) -> int:
        """Go to the next line with text that is indented deeper than `indent`; return how many empty ones lay there."""
        empty = 0
        while self.row + 1 < len(self.lines):
            self.row += 1
            stripped = self.line.lstrip(" ")
            self.column = len(self.line) - len(stripped)
            if stripped.startswith("\t"):
                raise self.unread("tab")
            if stripped:
                if self.column <= indent:
                    raise self.unread("indent")
                return empty
            empty += 1
        raise self.unread("quote")

    def quoted(self, indent: int) -> Scalar:
        """Read a text in quotes; further lines are joined by a space, empty lines are kept as line ends."""
        quote, parts = self.rest[0], [""]
        self.column += 1
        while True:
            rest = self.rest
            if not rest.strip(" "):
                if self.line.endswith("\t"):
                    raise self.unread("tab")
                self._fold(parts, self.next_line(indent))
            elif rest.startswith("''") and quote == "'":
                self._add(parts, "'", 2)
            elif rest[0] == quote:
                self.column += 1
                return self.kept("".join(parts).replace("\0", ""), False)
            elif rest[0] == "\\" and quote == '"':
                self._escape(parts, indent)
            else:
                found = re.match(r"[^ '\"\\]+| +|.", rest)
                assert found is not None
                self._add(parts, found.group(), found.end())

    def _add(self, parts: list[str], text: str, length: int) -> None:
        parts.append(text)
        self.column += length

    def _fold(self, parts: list[str], empty: int) -> None:
        if parts[-1].endswith("\0"):  # the line end was escaped
            parts.append("\n" * empty)
        else:
            parts.append("\n" * empty or " ")

    def _escape(self, parts: list[str], indent: int) -> None:
        rest = self.rest
        if len(rest) == 1:
            parts.append("\0")  # stands for an escaped line end, and keeps the spaces before it
            self.column += 1
            return
        digits = {"x": 2, "u": 4, "U": 8}.get(rest[1], 0)
        code = rest[2 : 2 + digits]
        if digits:
            if not re.fullmatch(r"[0-9A-Fa-f]+", code) or len(code) < digits or int(code, 16) > 0x10FFFF:
                raise self.unread("escape")
            self._add(parts, chr(int(code, 16)), 2 + digits)
        elif rest[1] in _YAML_ESCAPES and rest[1] != "0":
            self._add(parts, _YAML_ESCAPES[rest[1]], 2)
        else:
            raise self.unread("escape")

    def plain(self, indent: int, *, flow: bool) -> Scalar:
        """Read a text without quotes; it ends at a comment, at `: ` and, between brackets, at their signs."""
        if (_NO_START_IN_FLOW if flow else _NO_START).match(self.rest):
            raise self.unread("start")
        parts = [self._plain_part(flow)]
        while not self.rest:  # it ended with its line, not at a sign or a comment
            here = self.row, self.column
            empty = self._continued(indent, flow)
            if empty is None:
                self.row, self.column = here
                break
            parts += ["\n" * empty or " ", self._plain_part(flow)]
        return self.kept("".join(parts), True)

    def _continued(self, indent: int, flow: bool) -> int | None:
        """Go to the next line if it goes on with the plain text; return how many empty lines lay between."""
        empty = 0
        for row in range(self.row + 1, len(self.lines)):
            stripped = self.lines[row].lstrip(" ")
            depth = len(self.lines[row]) - len(stripped)
            if stripped.startswith("\t"):
                raise self.unread("tab")
            if not stripped:
                empty += 1
                continue
            if stripped.startswith("#") or (depth <= indent and not flow):
                return None
            self.row, self.column = row, depth
            if depth <= indent:
                raise self.unread("indent")
            return None if flow and stripped[0] in ",[]{}:?" else empty
        return None

    def _plain_part(self, flow: bool) -> str:
        rest = self.rest
        if "\t" in rest:
            raise self.unread("tab")
        for found in re.finditer(r"[#:,\[\]{}]", rest):
            sign, at, after = found.group(), found.start(), rest[found.end() : found.end() + 1]
            if sign == ":":
                if (not flow and after in ("", " ")) or (flow and after == "?"):
                    raise self.unread("colon")
                ends = flow and after in ("", " ", ",", "[", "]", "{", "}")
            else:
                ends = flow if sign != "#" else rest[at - 1 : at] == " "
            if ends:
                self.column += at
                return rest[:at].rstrip(" ")
        self.column += len(rest)
        return rest.rstrip(" ")

    def block(self, indent: int) -> Scalar:
        """Read a text after `|` (line ends are kept) or `>` (they are folded)."""
        header = _HEADER.match(self.rest)
        if header is None:
            raise self.unread("header")
        chomp = header[2] or header[5] or ""
        digits = header[3] or header[4]
        self.row, self.column = self.row + 1, 0
        first = self.row
        rows, depth = self._block_rows(max(indent, 0) + int(digits) if digits else 0, indent)
        lines = [line[depth:] if depth else "" for line in rows]
        while lines and not lines[-1]:
            lines.pop()
        # The last line of a file may have no end.
        ended = sum(row + 1 < len(self.lines) for row in range(first + max(len(lines) - 1, 0), self.row))
        ends = {"-": 0, "+": ended, "": min(ended, 1) if lines else 0}[chomp]
        body = "\n".join(lines) if header[1] == "|" else _folded(lines)
        return self.kept(body + "\n" * ends, False)

    def _block_rows(self, depth: int, indent: int) -> tuple[list[str], int]:
        """Return the lines of a block text and its indentation; if `depth` is 0, its first line with text decides."""
        rows: list[str] = []
        while self.row < len(self.lines):
            line = self.lines[self.row]
            stripped = line.lstrip(" ")
            found = len(line) - len(stripped)
            if stripped and not depth:
                if found <= max(indent, 0) and not (indent < 0 and found > 0):
                    break
                depth = found
                if any(len(row) > depth for row in rows) or stripped.startswith("\t"):
                    raise self.unread("indent")
            if stripped and found < depth:
                if stripped.startswith("\t"):
                    raise self.unread("tab")
                break
            rows.append(line)
            self.row += 1
        return rows, depth


def _folded(lines: list[str]) -> str:
    """Join lines by spaces, except around empty and further indented ones."""
    text, empty, deep = "", 0, True
    for line in lines:
        if not line:
            empty += 1
            continue
        deeper = line[0] in " \t"
        if text:
            if not deep and not deeper:
                text += "\n" * empty or " "
            else:
                text += "\n" * (empty + 1)
        else:
            text = "\n" * empty
        text, empty, deep = text + line, 0, deeper
    return text
