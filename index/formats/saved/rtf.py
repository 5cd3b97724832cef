"""RTF: the text of a word processor's document, by Microsoft's specification (1.9.1)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from index.errors import FormatError
from index.formats.page.names import author_of
from index.formats.page.scripts import subscript, superscript, with_fractions
from index.formats.titles import derive_title
from index.types import Article, Verdict

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
# What is not the text: tables of fonts and styles, pictures, heads and feet of pages, comments.
_SILENT = frozenset(
    """fonttbl colortbl stylesheet listtable listoverridetable rsidtbl generator pict object objdata nonshppict shppict
    header headerl headerr headerf footer footerl footerr footerf annotation atnid atnauthor atndate atnicn fldinst
    xe tc tcn themedata colorschememapping datastore latentstyles filetbl revtbl info bkmkstart bkmkend
     shpinst ftnsep ftnsepc aftnsep aftnsepc""".split()
)
_KNOWN = ("title", "author")
_CHARACTERS = {
    "tab": " ", "line": " ", "softline": " ", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"{": "{", b"}": "}", b"\\": "\\"}
_BREAKS = frozenset("par sect page row nestrow".split())
_UNSEEN = frozenset("v webhidden strike striked deleted".split())
_NUMBERS = ("listtext", "pntext")
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_MOST_NESTED = 10_000
_HIGHEST = 0x10FFFF
_BAD = "\ufffd"


@dataclass(frozen=True)
class _State:
    """What holds up to the end of a group: where its text goes, what of it is seen, how its bytes are encoded."""

    goes_to: str = "text"
    unseen: frozenset[str] = frozenset()
    script: str = ""
    encoding: str = "cp1252"
    skipped: int = 1


@dataclass
class _Reader:
    """The text so far: ``parts`` by where it goes, "text", "note" or what is known of the document."""

    state: _State = _State()
    outer: list[_State] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)
    fonts: dict[int, str] = field(default_factory=dict)
    plain: str = "cp1252"
    font: int = 0
    raw: bytearray = field(default_factory=bytearray)
    high: int = 0
    to_skip: int = 0

    def put(self, text: str) -> None:
        """Add text where it goes, if it is seen."""
        self.flush()
        state = self.state
        if text and state.goes_to and not state.unseen:
            scripts: dict[str, Callable[[str], str]] = {"super": superscript, "sub": subscript}
            change = scripts.get(state.script)
            self.parts.setdefault(state.goes_to, []).append(change(text) if change and text.strip() else text)

    def put_bytes(self, data: bytes) -> None:
        """Add bytes of the present encoding, which may be parts of characters."""
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        self.raw += data[skipped:]

    def flush(self) -> None:
        """Decode the bytes that wait."""
        raw, self.raw = self.raw, bytearray()
        if raw:
            self.put(raw.decode(self.state.encoding, "replace"))


def read(data: bytes, *, name: str) -> Article:
    """Return a document's paragraphs and rows, set apart by a blank line; notes come last.

    What is hidden, struck or deleted is left out, as are heads and feet of pages. A file that ends before its last
    group does is a part. Raises FormatError.
    """
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        raise FormatError(f"{name} is no RTF: it does not begin with {{\\rtf.", remedy="Save it anew, or as DOCX.")
    reader = _Reader()
    for token in _tokens(data):
        _take(reader, token, name=name)
    reader.flush()
    text = "\n\n".join([*_paragraphs(reader, "text"), *_paragraphs(reader, "note")])
    if not text:
        raise FormatError(f"{name} has no text.", remedy="If it holds pictures of text, add the text itself.")
    title, author = (" ".join("".join(reader.parts.get(each, ())).split()) for each in _KNOWN)
    return Article(
        text=text,
        title=title or derive_title(text),
        title_given=bool(title),
        author=author_of([author]) or None,
        notes=(f"{text.count(_BAD):,} characters could not be read.",) if _BAD in text else (),
        verdict=Verdict("partial", "the file ends before the document does") if reader.outer else Verdict(),
    )


def _tokens(data: bytes) -> Iterator[re.Match[bytes]]:
    """Yield control words, groups and text; what is declared as raw bytes is passed over."""
    at = 0
    while found := _TOKEN.match(data, at):
        at = found.end()
        if found["word"] == b"bin":
            at += max(0, int(found["number"] or 0))
        else:
            yield found


def _paragraphs(reader: _Reader, where: str) -> list[str]:
    lines = "".join(reader.parts.get(where, ())).split("\n")
    texts = (with_fractions(" ".join(line.split()).removesuffix(" |").strip()) for line in lines)
    return [text for text in texts if text.strip("| ")]


def _take(reader: _Reader, token: re.Match[bytes], *, name: str) -> None:
    if brace := token["brace"]:
        _group(reader, opens=brace == b"{", name=name)
    elif word := token["word"]:
        number = int(token["number"]) if token["number"] else None
        if reader.to_skip and word != b"u":
            reader.to_skip -= 1
            return
        _control(reader, word.decode("ascii"), number)
    elif token["byte"]:
        reader.put_bytes(bytes([int(token["byte"], 16)]))
    elif token["text"]:
        reader.put_bytes(token["text"])
    elif symbol := token["symbol"]:
        if symbol == b"*":
            _change(reader, goes_to="*" if reader.state.goes_to else "")
        elif symbol in b"\r\n":
            reader.put("\n")
        else:
            reader.put(_SYMBOLS.get(symbol, ""))


def _group(reader: _Reader, *, opens: bool, name: str) -> None:
    reader.flush()
    reader.to_skip = 0
    if opens:
        if len(reader.outer) >= _MOST_NESTED:
            raise FormatError(f"{name} has more than {_MOST_NESTED:,} groups in one another.", remedy="Save it anew.")
        reader.outer.append(reader.state)
    elif reader.outer:
        ended = reader.state.goes_to if reader.state.goes_to != reader.outer[-1].goes_to else ""
        if ended == "note":
            reader.put("\n")
        reader.state = reader.outer.pop()
        number = "".join(reader.parts.pop("number", ())).strip() if ended == "number" else ""
        if any(each.isalnum() for each in number):  # the mark of an item is what is left otherwise
            reader.put(f"{number} ")


def _change(reader: _Reader, **changes: object) -> None:
    reader.flush()
    reader.state = replace(reader.state, **changes)  # type: ignore[arg-type]


def _control(reader: _Reader, word: str, number: int | None) -> None:
    """Do what a control word says; one that is not known changes nothing, as the specification asks."""
    state = reader.state
    if word == "u" and number is not None:
        _unicode(reader, number)
    elif word in _CHARACTERS:
        reader.put(_CHARACTERS[word])
    elif word in _BREAKS:
        reader.put("\n")
    elif word in ("cell", "nestcell"):
        reader.put(" | ")
    elif word in _UNSEEN:
        _change(reader, unseen=state.unseen - {word} if number == 0 else state.unseen | {word})
    elif word == "plain":
        _change(reader, unseen=state.unseen - {"v", "webhidden", "strike", "striked"}, script="", encoding=reader.plain)
    elif word in ("super", "sub", "nosupersub"):
        _change(reader, script="" if number == 0 or word == "nosupersub" else word)
    elif word == "uc":
        _change(reader, skipped=max(0, min(number or 0, 10)))
    elif not _destination(reader, word):
        _encoding(reader, word, number)


def _destination(reader: _Reader, word: str) -> bool:
    """Whether a word says where the text of its group goes."""
    goes_to = reader.state.goes_to
    if word in ("footnote", "endnote") and goes_to in ("text", "*"):
        _change(reader, goes_to="note", script="")
    elif word in _NUMBERS and goes_to in ("text", "*"):
        _change(reader, goes_to="number")
    elif word in _KNOWN and goes_to == "info":
        _change(reader, goes_to=word)
    elif word in _SILENT:
        _change(reader, goes_to=word if word in ("info", "fonttbl") and goes_to else "")
    elif goes_to == "*":
        _change(reader, goes_to="")
    else:
        return False
    return True


def _encoding(reader: _Reader, word: str, number: int | None) -> None:
    if word == "ansicpg" and number:
        reader.plain = f"cp{number}" if _is_known(f"cp{number}") else "cp1252"
        _change(reader, encoding=reader.plain)
    elif word in ("mac", "pc", "pca") and number is None:
        reader.plain = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        _change(reader, encoding=reader.plain)
    elif word == "f" and number is not None:
        reader.font = number
        _change(reader, encoding=reader.fonts.get(number, reader.plain))
    elif word == "fcharset" and number is not None and reader.state.goes_to == "fonttbl" and number > 1:
        reader.fonts[reader.font] = _CHARSETS.get(number, reader.plain)


def _is_known(encoding: str) -> bool:
    try:
        "".encode(encoding)
    except LookupError:
        return False
    return True


def _unicode(reader: _Reader, number: int) -> None:
    """Add a character by its number; beyond 65,535 it comes as two. What follows for older readers is skipped."""
    code = number + 0x10000 if number < 0 else number
    reader.flush()
    if 0xD800 <= code < 0xDC00:
        reader.high = code
    else:
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((reader.high - 0xD800) << 10) + (code - 0xDC00) if reader.high else 0xFFFD
        reader.high = 0
        reader.put(chr(code) if 0 <= code <= _HIGHEST and not 0xD800 <= code < 0xE000 else _BAD)
    reader.to_skip = reader.state.skipped
