"""What is read of a page: walls refused, parts told, the article without its furniture. All pages are made up."""

import pytest

from index.errors import FormatError
from index.formats.reading import Original, read
from index.types import Article, Verdict

STORY = (
    "The council of Norvik voted on Tuesday to close the old ferry quay and to build a new one east of the harbour.",
    "The work will cost 41 million crowns, council leader Berit Aas told reporters after the vote, and take two years.",
    "“We have waited for this since the fire,” she said, adding that no ferry would be cancelled while it goes on.",
    "Three of the nine members voted against. They had asked for a cheaper quay of timber.",
    "The ferry company said it would study the plan before it decides whether to buy a larger ship.",
)
NAVIGATION = (
    '<header><a href="/">Norvik Post</a><nav><ul><li><a href="/n">News</a></li><li><a href="/s">Sport</a></li>'
    '<li><a href="/c">Culture</a></li><li><a href="/w">Weather</a></li></ul></nav></header>'
)
FOOTER = (
    "<footer><p>© 2024 Norvik Post. All rights reserved.</p><ul><li><a href='/a'>About us</a></li>"
    "<li><a href='/p'>Privacy</a></li><li><a href='/t'>Terms</a></li></ul></footer>"
)


def page(body: str, *, head: str = "", title: str = "Norvik closes its ferry quay | Norvik Post") -> bytes:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{NAVIGATION}{body}{FOOTER}</body></html>"
    ).encode()


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read_page(data: bytes) -> Article:
    return read(Original(data, "a.html"))


WALLS = {
    "consent": "<div class='cmp'><h2>Your choices</h2><p>We and our partners use cookies and similar technologies to"
    " store"
    " data on your device.</p><p>Click “Accept” to allow all of this or manage your"
    " settings.</p><button>Accept</button></div>",
    "javascript": "<div id='root'><p>Please enable JavaScript and disable any ad blocker to view this site.</p></div>",
    "robot": "<div><h1>Pardon our interruption</h1><p>As you were browsing, something about your browser made us"
    " think you"
    " might be a bot.</p><p>To regain access, please make sure that cookies and JavaScript are enabled before reloading"
    " the page.</p></div>",
    "checking": "<h1>Just a moment...</h1><p>Verify you are human by completing the action below.</p><p>This website"
    " needs"
    " to review the security of your connection before proceeding.</p>",
    "denied": "<h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p><p>Reference"
    " #18.2f4</p>",
    "moved": "<main><h1>Page not found</h1><p>The link you followed may be broken, or the page may have been removed."
    "</p><p>Use the search box above, or go to our front page.</p></main>",
    "gone": "<main><h2>This article is no longer available</h2><p>Sorry, we could not find the page that you requested."
    "</p></main>",
    "region": "<main><h1>Unavailable for legal reasons</h1><p>This website is not available in your country. We are"
    " sorry"
    " for the trouble and are working to make our site available to you.</p></main>",
    "login": "<main><h1>Log in to continue</h1><p>Create a free account or log in to read this article.</p><p>Your"
    " email"
    " address</p><button>Continue</button></main>",
    "subscribe": "<main><h1>Norvik closes its ferry quay</h1><div class='offer'><p>Subscribe to continue"
    " reading.</p><p>Get"
    " unlimited access to all our stories for 1 crown a month. Cancel at any time.</p></div></main>",
    "caption": "<main><figure><img src='q.jpg'><figcaption>The old quay in Norvik, seen from the lighthouse on a"
    " foggy morning"
    " in March, a week before the council voted to close it. Photo: Per Lie</figcaption></figure></main>",
    "redirect": "<p>You are being redirected. If your browser does not redirect you, click on this link.</p>",
    "error": "<main><h1>Something went wrong</h1><p>An error occurred on our server and your request could not be"
    " completed."
    " Please try again later.</p></main>",
    "adblock": "<div><h2>It looks like you're using an ad blocker</h2><p>Advertising pays for our journalism. Please"
    " turn off"
    " your ad blocker for our site and reload the page, or subscribe for an ad-free plan.</p></div>",
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_no_article(name: str) -> None:
    with pytest.raises(FormatError, match="holds no article text"):
        read_page(page(WALLS[name]))


COOKIES = (
    "Regulators in Brussels said on Monday that websites must let users reject cookies as easily as accept them.",
    "Your browser stores a cookie when you visit a site, and advertisers use it to follow you, the agency said.",
    "The fine for a site whose page hides the button could reach 4 percent of revenue, according to the draft.",
)
GOOD = {
    "plain": paragraphs(*STORY),
    "brief": paragraphs(STORY[0], STORY[3]),
    "divs": "<div class='story'>" + "".join(f"<div class='par'>{each}</div>" for each in STORY) + "</div>",
    "breaks": f"<div class='entry'>{'<br><br>'.join(STORY)}</div>",
    "captioned": f"<figure><img src='q.jpg'><figcaption>The quay. Photo: Per"
    f" Lie</figcaption></figure>{paragraphs(*STORY)}",
    "cookies": paragraphs(*COOKIES),
    "hidden until a script runs": f"<div style='display:none' class='story'>{paragraphs(*STORY)}</div>",
    "section": "".join(f"<section><p>{each}</p></section>" for each in STORY),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_article_is_complete(name: str) -> None:
    about = "New rules for cookies on websites" if name == "cookies" else "Norvik closes its ferry quay"
    article = read_page(page(f"<article><h1>{about}</h1>{GOOD[name]}</article>", title=f"{about} | Norvik Post"))
    assert article.verdict.kind == "complete", article.verdict
    wanted = COOKIES if name == "cookies" else (STORY[0], STORY[3]) if name == "brief" else STORY
    assert [each for each in wanted if each not in article.text] == []
    assert "Sport" not in article.text and "rights reserved" not in article.text


FURNITURE = {
    "sign-up": "<div class='newsletter-module'><p>Get Norvik in your inbox every morning. Sign up for our"
    " newsletter.</p></div>",
    "sign-up without a class": "<p>Sign up for our daily newsletter and never miss a story.</p>",
    "related": "<p><strong>READ MORE:</strong> <a href='/1'>Why the lighthouse went dark in the storm of"
    " January</a></p>",
    "bare link": "<p><a href='/2'>Lighthouse keeper, 91, looks back on a life among the gulls</a></p>",
    "related list": "<div class='related-stories'><h3>More on this</h3><ul><li><a href='/1'>Gull eats sandwich of"
    " mayor</a>"
    "</li><li><a href='/2'>Lighthouse keeper retires</a></li></ul></div>",
    "share": "<div class='share-tools'><button>Share</button><a href='#'>Facebook</a><a href='#'>Copy link</a></div>",
    "advertisement": "<p>Advertisement</p>",
    "continues": "<p>Story continues below advertisement</p>",
    "error": "<p>There was an error processing your subscription.</p>",
    "thanks": "<p>Thank you for subscribing! Check your inbox to confirm.</p>",
    "tip": "<p>Got a tip? Send it to tips@norvik.example or call our news desk.</p>",
    "follow": "<p>Follow Norvik Post on Facebook and Instagram.</p>",
    "app": "<p>Download our app to get breaking news alerts.</p>",
    "tooltip": "<p>The quay of <span class='term'>Norvik<span class='tooltip' role='tooltip'>A town of 4,000"
    " people</span>"
    "</span> burned in 1998, and it was rebuilt of timber.</p>",
    "screen reader": "<p><span class='sr-only'>Audio player, press space to start</span>The quay burned down in"
    " 1998.</p>",
    "struck": "<p>The quay burned in <s>1997</s> 1998, <span style='text-decoration: line-through'>in May</span> in"
    " June.</p>",
}
SAYS = (
    "inbox",
    "newsletter",
    "READ MORE",
    "lighthouse",
    "Lighthouse",
    "Gull",
    "Facebook",
    "dvertisement",
    "error",
    "subscrib",
)
SAYS += ("tips@", "our app", "A town of", "Audio", "1997", "May")


@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_is_not_the_article(name: str) -> None:
    body = paragraphs(*STORY[:2]) + FURNITURE[name] + paragraphs(*STORY[2:])
    article = read_page(page(f"<article><h1>Norvik closes its ferry quay</h1>{body}</article>"))
    assert [each for each in STORY if each not in article.text] == []
    assert [each for each in SAYS if each in article.text] == []
    assert article.verdict.kind == "complete"


KEPT = {
    "advice": "Residents should check their inbox for a letter from the county, the mayor said.",
    "company": "The company said it had signed up 4,000 subscribers to its newsletter in a week.",
    "question": "Have you ever asked yourself what a quay is for?",
    "quotation": "“Please email us your story,” the poster at the quay reads.",
    "mention": "He posted the photograph on Instagram, and it was shared 3,000 times.",
    "name": "Follow the money, says the auditor, and the quay will build itself.",
    "linked": "The plan, <a href='/p'>first reported by the Norvik Post in March</a>, had been kept secret for a year.",
    "share": "Share prices of the ferry company fell by 4 percent.",
    "related": "Related to the old mayor by marriage, she knew of the plan.",
}


@pytest.mark.parametrize("name", KEPT)
def test_what_only_sounds_like_furniture_is_kept(name: str) -> None:
    import lxml.html

    shown = lxml.html.fromstring(f"<p>{KEPT[name]}</p>").text_content()
    body = paragraphs(*STORY[:2], KEPT[name], *STORY[2:])
    article = read_page(page(f"<article><h1>Norvik closes its ferry quay</h1>{body}</article>"))
    assert shown in article.text


def test_a_teaser_is_a_part() -> None:
    teaser = paragraphs(*STORY[:2], STORY[2][:62] + "…") + "<p>Subscribe to continue reading this story.</p>"
    article = read_page(page(f"<article><h1>Norvik closes its ferry quay</h1>{teaser}</article>"))
    assert article.verdict.kind == "partial" and "Subscribe" not in article.text
    cut = paragraphs(
        *STORY[:3],
        "The ferry company, which has run four ships between Norvik and the islands since the year in which the fire",
    )
    article = read_page(page(f"<article><h1>Norvik closes its ferry quay</h1>{cut}</article>"))
    assert article.verdict == Verdict("partial", "it ends in the middle of a sentence")
    assert article.cautions == ("Only a part of the article was read: it ends in the middle of a sentence.",)


def test_a_title_of_another_article_is_told() -> None:
    article = read_page(page(f"<article>{paragraphs(*STORY)}</article>", title="Painter wins prize for pigeons in oil"))
    assert article.verdict.kind == "partial" and "title" in article.verdict.reason


def test_what_the_page_says_of_its_text_is_made_sure_of() -> None:
    import json

    known = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Norvik Post"},
            {
                "@type": ["NewsArticle"],
                "headline": "Norvik closes its ferry quay",
                "author": [{"@type": "Person", "name": "By Siri Holm"}, {"@type": "Person", "name": "Odd Vik"}],
                "publisher": {"@type": "Organization", "name": "Norvik Post"},
                "datePublished": "2024-03-05T09:00:00+01:00",
                "articleBody": " ".join(STORY),
            },
        ],
    }
    head = f'<script type="application/ld+json">{json.dumps(known)}</script>'
    article = read_page(page(f"<article>{paragraphs(*STORY[:1])}<div class='rest'>Loading</div></article>", head=head))
    assert [each for each in STORY if each not in article.text] == [] and article.verdict.kind == "complete"
    assert (article.author, article.publisher, str(article.published)) == (
        "Siri Holm, Odd Vik",
        "Norvik Post",
        "2024-03-05",
    )


def test_a_fact_checks_rating_goes_with_every_quote() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "ClaimReview", "claimReviewed": "The quay sank in 2019",'
        ' "reviewRating": {"@type": "Rating", "alternateName": "Unproven"}}</script>'
    )
    article = read_page(page(f"<article>{paragraphs(*STORY)}</article>", head=head))
    assert article.cautions == ("A fact check on the page rates the claim “The quay sank in 2019”: Unproven.",)


@pytest.mark.parametrize(
    ("head", "byline", "author"),
    [
        ('<meta name="author" content="No Author">', "", None),
        ('<meta name="author" content="siri@norvik.example">', "", None),
        ('<meta name="author" content="By Siri Holm">', "", "Siri Holm"),
        ('<meta name="author" content="Siri Holm and Odd Vik">', "", "Siri Holm and Odd Vik"),
        ("", '<p class="byline">By <a rel="author" href="/siri">Siri Holm</a></p>', "Siri Holm"),
        ("", '<div class="article-author">By Siri Holm</div>', "Siri Holm"),
        ("", '<div class="comments"><span class="author">Troll King</span><p>First!</p></div>', None),
        ('<meta property="article:author" content="https://facebook.com/norvikpost">', "", None),
        ('<meta name="author" content="Seán O\'Brien-Ek">', "", "Seán O'Brien-Ek"),
    ],
)
def test_an_author_is_a_name(head: str, byline: str, author: str | None) -> None:
    body = f"<article><h1>Norvik closes its ferry quay</h1>{byline}{paragraphs(*STORY)}</article>"
    assert read_page(page(body, head=head)).author == author


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("It holds 10<sup>6</sup> litres.", "It holds 10⁶ litres."),
        ("It grew by 10<sup>-3</sup> m<sup>2</sup>.", "It grew by 10⁻³ m²."),
        ("On the 5<sup>th</sup> of May.", "On the 5th of May."),
        ("Add 2<sup>3</sup>⁄<sub>4</sub> cups.", "Add 2¾ cups."),
        ("Add <sup>3</sup>/<sub>16</sub> inch.", "Add 3⁄16 inch."),
        ("He said so.<sup><a href='#n1'>[1]</a></sup> It rained.", "He said so. It rained."),
        ("H<sub>2</sub>O and CO<sub>2</sub> are gases there.", "H₂O and CO₂ are gases there."),
    ],
)
def test_raised_and_lowered_figures_keep_their_meaning(source: str, shown: str) -> None:
    article = read_page(page(f"<article><h1>Norvik</h1>{paragraphs(*STORY, source)}</article>", title="Norvik"))
    assert article.text.split("\n\n")[-1] == shown


def test_a_paragraph_in_a_part_of_its_own_is_not_lost() -> None:
    first, *rest = STORY
    body = (
        f"<div class='text'><p>{first}</p></div><div class='ad-slot'></div><div class='text'>{paragraphs(*rest)}</div>"
    )
    article = read_page(page(f"<main><h1>Norvik closes its ferry quay</h1>{body}</main>"))
    assert [each for each in STORY if each not in article.text] == []


def test_a_pull_quote_is_no_second_paragraph() -> None:
    pulled = "<blockquote class='pullquote'>We have waited for this since the fire</blockquote>"
    article = read_page(page(f"<article>{paragraphs(*STORY[:2])}{pulled}{paragraphs(*STORY[2:])}</article>"))
    assert article.text.count("waited for this") == 1
