"""Stories in XML: NITF and NewsML-G2, standards of the IPTC."""

from typing import Any

from index.errors import FormatError
from index.formats.newsroom.story import Story, article_from
from index.formats.page.layout import blocks_of
from index.types import Article

_NOT_TEXT = ("media", "object", "note", "script", "style", "figure")


def read(data: bytes, *, name: str) -> Article:
    """Return the story in a file of NITF or NewsML-G2. Raises WithdrawnError and FormatError."""
    root = _parsed(data, name=name)
    found = next(stories_in(root), None)
    if found is None:
        raise FormatError(f"{name} is XML, but neither NITF nor NewsML-G2 nor a feed.", remedy="Save its text alone.")
    return article_from(_story(found), name=name)


def items_in(data: bytes) -> list[bytes]:
    """Return the stories of a NewsML-G2 message that holds several, each as a file of its own; else none."""
    from lxml import etree

    try:
        found = list(stories_in(_parsed(data, name="")))
    except FormatError:
        return []
    return [etree.tostring(each) for each in found] if len(found) > 1 else []


def stories_in(root: Any) -> Any:  # noqa: ANN401 - elements of lxml, which has no types
    """Yield the elements that are stories: news items, or a document of NITF."""
    tags = {each: _tag(each) for each in root.iter() if isinstance(each.tag, str)}
    items = [each for each, tag in tags.items() if tag == "newsItem"]
    yield from items or [each for each, tag in tags.items() if tag == "nitf"][:1]


def _parsed(data: bytes, *, name: str) -> Any:  # noqa: ANN401
    from lxml import etree

    try:
        return etree.fromstring(data.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True, recover=False))
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{name} is no XML that can be read: {error}.", remedy="Save it anew.") from error


def _tag(element: Any) -> str:  # noqa: ANN401
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _story(element: Any) -> Story:  # noqa: ANN401
    return _news_item(element) if _tag(element) == "newsItem" else _nitf(element)


def _news_item(item: Any) -> Story:  # noqa: ANN401
    inside = _all(item, "nitf")
    inner = _nitf(inside[0]) if inside else None
    content = _all(item, "contentSet")
    body = _all(content[0], "body") if content else []
    plain = _text(item, "inlineData").split("\n")
    blocks = inner.blocks if inner else tuple(_blocks(body[0])) if body else tuple(plain)
    status = next((each.get("qcode") or each.get("uri") or "" for each in _all(item, "pubStatus")), "")
    rights = [_text(item, "copyrightNotice"), _text(item, "usageTerms")]
    return Story(
        blocks=blocks,
        key=item.get("guid") or "",
        status=status,
        title=_text(item, "headline") or (inner.title if inner else ""),
        author=_text(item, "by") or (inner.author if inner else ""),
        publisher=_text(item, "creditline") or _named(item, "copyrightHolder") or _named(item, "provider"),
        published=_text(item, "firstCreated") or _text(item, "contentCreated") or _text(item, "versionCreated"),
        embargo=_text(item, "embargoed"),
        rights=" ".join(filter(None, rights)),
        version=item.get("version") or "",
        sent=_text(item, "versionCreated"),
    )


def _nitf(root: Any) -> Story:  # noqa: ANN401
    content = _all(root, "body.content")
    data = next(iter(_all(root, "docdata")), None)
    status = data.get("management-status") or "" if data is not None else ""
    holder = _attribute(root, "doc.copyright", "holder")
    year = _attribute(root, "doc.copyright", "year")
    release = _attribute(root, "date.release", "norm")
    return Story(
        blocks=tuple(_blocks(content[0])) if content else (),
        key=_attribute(root, "doc-id", "id-string"),
        status=status,
        title=_text(root, "hl1") or _text(root, "title"),
        author=_text(root, "byline"),
        publisher=_text(root, "distributor") or holder,
        published=_attribute(root, "date.issue", "norm") or release,
        embargo=release,
        version=_attribute(root, "du-key", "version"),
        sent=_attribute(root, "date.issue", "norm"),
        rights=_text(root, "rights") or (f"© {year} {holder}".replace("  ", " ") if holder else ""),
    )


def _blocks(element: Any) -> list[str]:  # noqa: ANN401
    """Return the blocks of a body, whatever namespace its elements have."""
    from lxml import etree

    copy = etree.fromstring(etree.tostring(element))
    for each in list(copy.iter()):
        if isinstance(each.tag, str):
            each.tag = _tag(each)
    for each in list(copy.iter(*_NOT_TEXT)):
        parent = each.getparent()
        if parent is not None:
            parent.remove(each)
    return [block.text for block in blocks_of(copy)]


def _all(root: Any, tag: str) -> list[Any]:  # noqa: ANN401
    return [each for each in root.iter() if _tag(each) == tag]


def _text(root: Any, tag: str) -> str:  # noqa: ANN401
    found = next(iter(_all(root, tag)), None)
    return (
        " ".join("".join(found.itertext()).split())
        if found is not None and tag != "inlineData"
        else ("".join(found.itertext()) if found is not None else "")
    )


def _named(root: Any, tag: str) -> str:  # noqa: ANN401
    found = next(iter(_all(root, tag)), None)
    return (_text(found, "name") or found.get("literal") or "") if found is not None else ""


def _attribute(root: Any, tag: str, name: str) -> str:  # noqa: ANN401
    return next((each.get(name) or "" for each in _all(root, tag)), "")
