"""HTML of mail as it is laid out: nothing runs, nothing is fetched, and no mail is too much for a window."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from time import process_time

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.mail.html_laid_out import ATTRIBUTES, DEEPEST, ENOUGH, TAGS, laid_out
from member_tracker.mail.html_links import link_of
from member_tracker.mail.html_text import text_of
from member_tracker.mail.mime import read_html
from tests.mail.messages import message

NEVER_CLOSED = {"br", "hr"}


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.deepest = 0
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in NEVER_CLOSED:
            self.open.append(tag)
        self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "a tag closes what it did not open"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment is left: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration is left: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction is left: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"something is left: {data}")


def harmless(source: str) -> Page:
    """What is laid out of a source, which holds nothing but plain tags, and links to pages and people."""
    made = laid_out(source).html
    page = Page(made)
    assert page.open == []
    assert page.deepest <= DEEPEST
    for tag, said in page.tags:
        assert tag in TAGS
        assert said.keys() <= ATTRIBUTES.get(tag, frozenset())
        assert re.fullmatch(r"(https?://[^/\s@]+/.*)|(mailto:[^/\s]+@[^/\s]+)|", said.get("href") or "", re.ASCII)
    made = re.sub(r"<pre>\n+", "<pre>", made)  # the first end of a line in it is none, whoever reads it
    assert nh3.clean(made, tags=set(TAGS), attributes={k: set(v) for k, v in ATTRIBUTES.items()}, link_rel=None) == made
    return page


HOSTILE = {
    "a script": "<script>alert(1)</script>kept",
    "a script in capitals, never closed properly": "<SCRIPT SRC=http://example.org/x.js></SCRIPT >kept",
    "a handler": '<p onclick="alert(1)" onmouseover=alert(2)>kept</p>',
    "a picture's handler": '<img src=x onerror="alert(1)">kept',
    "a handler after a slash": "<img/src='x'/onerror=alert(1)>kept",
    "a form": "<form action='https://example.org/'><input name=password value=x><button>kept</button></form>",
    "a frame": "<iframe src='https://example.org/'></iframe><frameset><frame src=x></frameset>kept",
    "an object": "<object data='x.swf'><embed src=x></object><applet code=x></applet>kept",
    "a drawing": "<svg><script>alert(1)</script><a xlink:href='javascript:alert(1)'>x</a></svg>kept",
    "a formula": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mtext></math>kept",
    "a style": "<style>p { background: url(https://example.org/p) }</style><p>kept</p>",
    "a style of one tag": "<p style=\"background-image:url('https://example.org/p')\">kept</p>",
    "a background": "<table background='https://example.org/p'><tr><td background=x bgcolor=red>kept<td>x</table>",
    "another base": "<base href='https://example.org/'><a href='login'>kept</a>",
    "a page that goes elsewhere": "<meta http-equiv=refresh content='0;url=https://example.org/'>kept",
    "a style sheet": "<link rel=stylesheet href='https://example.org/s.css'>kept",
    "comments in comments": "<!-- <!-- --><p>kept</p><!--><script>alert(1)</script>-->",
    "a comment never closed": "kept<!-- <script>alert(1)</script>",
    "a comment for Outlook": "<!--[if mso]><table><tr><td>not</td></tr></table><![endif]-->kept",
    "a comment for all but Outlook": "<![if !mso]>kept<![endif]>",
    "a declaration": "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>kept",
    "an instruction": "<?xml version='1.0'?><?php echo 1 ?>kept",
    "broken entities": "kept &lt;script&gt; &#60;b&#62; &#x3c;i &amp;lt; &bogus; &#99999999; &#xD800;",
    "a tag in a tag": "<<script>script>alert(1)</script>kept",
    "a tag in an attribute": '<p title="<script>alert(1)</script>">kept</p>',
    "an attribute that ends early": '<p title=""><script>alert(1)</script>">kept</p>',
    "a tag never ended": "kept<img src=x onerror=alert(2) ",
    "words in a title": "<title><p>not</p></title>kept",
    "what is not closed": "<b><i><table><tr><td>kept<td><ul><li>x",
    "what is not open": "</td></table></p></b></div>kept",
    "letters that turn round": "kept \u202egpj.exe \u2066x\u2069 \x00\x07 \ufffe",
    "half a letter": "kept \ud83d",
    "a namespace": "<o:p>kept</o:p><v:imagedata src='https://example.org/p.png'/><w:x onload=y>",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_html_says_its_words_and_does_nothing(source: str) -> None:
    page = harmless(source)
    assert "kept" in page.text
    assert "alert(1)" not in page.text.replace('"><script>alert(1)</script>">', "")
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", page.text)


PIECES = st.sampled_from(
    (
        "<p> <p </p> <div> </div> <b> </b> <span> </span> <table> </table> <tr> <td> </td> <th> <ul> <li> </ul> <a "
        "</a> <img <script> </script> <style> </style> <!-- --> <![if <![endif]> <svg> </svg> <math> <pre> </pre> <br> "
        "<hr/> <font href=https://example.org/ href='javascript:x' href=\"data:text/html,x\" style='display:none' "
        'onload=x src=x style="color:red" alt=word border=1 colspan=9999999 align=left > \' " = / & &lt; &#60; &quot; '
        "word < \x00 ? \ud800 \u202e"
    ).split(" ")
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=80).map("".join))
def test_whatever_the_html_is_nothing_but_plain_tags_is_laid_out(source: str) -> None:
    harmless(source)


@given(st.text(max_size=300))
def test_words_that_are_no_html_stay_words(words: str) -> None:
    written = words.replace("&", "&amp;").replace("<", "&lt;")
    shown = re.sub(
        r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef]", "", words
    )
    shown = re.sub("[\ufffe\uffff\ud800-\udfff]", "", shown)
    assert " ".join(Page(laid_out(written).html).text.split()) == " ".join(shown.split())


# --- how it looks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "made"),
    [
        (
            "<h2>Works</h2><p>a <strong>b</strong> <em>c</em></p>",
            "<h2>Works</h2><p>a <strong>b</strong> <em>c</em></p>",
        ),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("<ul><li>one<li>two</ul>three", "<ul><li>one</li><li>two</li></ul>three"),
        ("<ol start=3><li>c</ol>", '<ol start="3"><li>c</li></ol>'),
        ("<span style='font-weight:bold;color:#000'>b</span><font color=black>c</font>", "<b>b</b>c"),
        ("<div style='display: none'>hidden <p>too</p></div>shown", "<div></div>shown"),
        ("a<br>b<hr>c", "a<br>b<hr>c"),
        ("<pre>a\n  b</pre>", "<pre>a\n  b</pre>"),
        ("<p dir=RTL align=center color=red>x</p>", '<p align="center" dir="rtl">x</p>'),
        ("<b>a<p>b</b>c", "<b>a<p>b</p></b>c"),
    ],
)
def test_a_mail_keeps_its_headings_lists_and_emphasis_and_loses_its_colours(source: str, made: str) -> None:
    assert laid_out(source).html == made


def test_a_table_of_columns_stays_one_with_its_lines_and_one_that_is_only_a_frame_does_not() -> None:
    row = "<tr><td style='border:solid windowtext 1.0pt'>bin</td><td colspan=2 bgcolor=white>Monday</td></tr>"
    assert laid_out(f"<table><tr><td><table>{row}</table></td></tr></table>").html == (
        '<div><div><div><table border="1" cellpadding="4" cellspacing="0">'
        '<tr><td>bin</td><td colspan="2">Monday</td></tr></table></div></div></div>'
    )
    assert 'border="1"' not in laid_out("<table border=0><tr><td>a<td>b</table>").html
    assert 'border="1"' in laid_out("<table border=2><tr><td>a<td>b</table>").html


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("<img src='https://example.org/c.png' alt='Council crest'>", "[Picture: Council crest]"),
        ("<img src='cid:logo@example.org' alt='The logo'>", "[Picture: The logo]"),
        ("<img src='data:image/png;base64,AAAA'>", "[Picture]"),
        ("<img src='file:///etc/motd' width=200>", "[Picture]"),
        ("<img src='https://example.org/open.gif' width=1 height=1>", ""),
        ("<img src='https://example.org/open.gif' height=\"0\">", ""),
        ("<img src='https://example.org/line.gif' alt=''>", ""),
        ('<img alt="<b>&lt;script&gt;">', "[Picture: &lt;b&gt;&lt;script&gt;]"),
    ],
)
def test_words_stand_for_a_picture_and_nothing_for_a_tracker(source: str, made: str) -> None:
    assert laid_out(source).html == made


# --- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "java\tscript:alert(1)",
        " \x01javascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "file:///etc/passwd",
        "cid:one",
        "tel:0123",
        "ms-word:ofe|u|https://example.org/x",
        "//example.org/x",
        "/x",
        "#x",
        "login.html",
        "https://",
        "https:///x",
        "http://exa mple.org:port/",
        "https://[::1/x",
        "https://exam%70le.org/",
        "https://a<b>.example.org/",
        "mailto:",
        "mailto:nobody",
        "",
    ],
)
def test_what_is_no_page_and_no_person_is_no_link(href: str) -> None:
    source = '<a href="{}">the words</a>'.format(href.replace("<", "&lt;"))
    if href != "http://exa mple.org:port/":
        assert link_of(href) is None
    assert harmless(source).text == "the words"
    assert "href" not in laid_out(source).html


@pytest.mark.parametrize(
    ("href", "address", "shown"),
    [
        ("https://example.org", "https://example.org/", "https://example.org/"),
        ("HTTP://Example.org:8080/a b?c=d&amp;e#f", "http://example.org:8080/ab?c=d&e#f", None),
        ("https://www.bank.example.com@evil.example.org/x", "https://evil.example.org/x", None),
        ("https://user:secret@example.org/", "https://example.org/", None),
        (r"https://good.example.org\@evil.example.org/", "https://good.example.org/@evil.example.org/", None),
        ("https://b\u00fccher.example.org/\u00e9", "https://xn--bcher-kva.example.org/%C3%A9", None),
        ("https://\u0435xample.org/", "https://xn--xample-2of.org/", None),
        ("https://example.org/\u202egpj", "https://example.org/%E2%80%AEgpj", None),
        (
            "https://example.org/" + "x" * 200,
            "https://example.org/" + "x" * 200,
            "https://example.org/" + "x" * 59 + "…",
        ),
        ("mailto:Pat@example.org?subject=x&body=y", "mailto:Pat@example.org", "Pat@example.org"),
    ],
)
def test_a_link_says_where_it_leads(href: str, address: str, shown: str | None) -> None:
    link = link_of(href)
    assert link is not None
    assert link.address == address
    assert link.shown == (shown or address)
    assert harmless(f'<a href="{href}">words</a>').tags == [("a", {"href": address})]


def test_all_of_the_host_is_shown_however_long_it_is() -> None:
    host = "www.council.gov.example.com." + "a." * 80 + "evil.example.org"
    link = link_of(f"https://{host}/{'x' * 90}")
    assert link is not None
    assert link.shown.startswith(f"https://{host}/xx")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("the timetable", "the timetable [https://example.org/times]"),
        ("https://council.example.org/", "https://council.example.org/ [https://example.org/times]"),
        ("https://example.org/times", "https://example.org/times"),
        ("example.org/times/", "example.org/times/"),
        ("&lt;https://EXAMPLE.org/times&gt;", "<https://EXAMPLE.org/times>"),
        ("", ""),
        ("<img src=x alt='Open'>", "[Picture: Open] [https://example.org/times]"),
        ("<b>the</b> <i>times</i>", "the times [https://example.org/times]"),
    ],
)
def test_where_a_link_leads_stands_beside_it_unless_its_words_say_it(words: str, told: str) -> None:
    assert Page(laid_out(f"<a href='https://example.org/times'>{words}</a>").html).text == told


# --- no mail is too much ----------------------------------------------------------------------------------------------

MUCH = {
    "60,000 tables in one another": "<table><tr><td>" * 60_000,
    "60,000 blocks in one another": "<div>" * 60_000,
    "letters in 40,000 fonts": "".join(f"<p><font face=f{number}>x</p>" for number in range(40_000)),
    "bold never closed": "".join(f"<p><b class=c{number}>x</p>" for number in range(30_000)),
    "one tag that says 100,000 things": "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">",
    "what was never open": "<span>" * 200 + "<p>" * 3 + "</i>" * 150_000,
    "comments never closed": "<!--" * 200_000,
    "angles": "<" * 100_000,
    "entities": "&lt;" * 60_000,
    "quotation marks": '<p a="' * 100_000,
    "links": "<a href=http://a.example.org/>x" * 30_000,
    "hidden": "<div style='display:none'>" + "<p>x" * 50_000,
}


@pytest.mark.parametrize("source", MUCH.values(), ids=MUCH.keys())
def test_a_mail_made_to_be_too_much_is_laid_out_in_little_time(source: str) -> None:
    began = process_time()
    made = laid_out(source)
    assert process_time() - began < 2.5
    assert len(made.html) < 20 * ENOUGH
    assert made.html.count("<") < ENOUGH // 5
    assert Page(made.html).deepest <= DEEPEST


def test_of_a_mail_of_five_megabytes_the_beginning_is_laid_out_and_it_says_so() -> None:
    made = laid_out("<p>The <b>gully</b> was emptied.</p>" * 150_000)
    assert not made.is_whole
    assert made.html.startswith("<p>The <b>gully</b> was emptied.</p><p>")
    assert made.html.endswith("</p>")
    assert 1_000 < made.html.count("<p>") < 4_000


def test_what_is_not_even_read_is_told_of() -> None:
    assert not laid_out(f"<p>Dear Anna,</p>{'<!-- nothing -->' * 63_000}<p>The answer.</p>").is_whole


def test_of_a_table_of_ten_thousand_rows_the_first_are_laid_out() -> None:
    made = laid_out("<table>" + "<tr><td>bin</td><td>Monday</td></tr>" * 10_000 + "</table>")
    assert not made.is_whole
    assert made.html.endswith("</tr></table>")
    assert 1_000 < made.html.count("<tr>") < 3_000


def test_a_table_in_a_table_counts_for_more_for_it_takes_more_time_to_lay_out() -> None:
    inner = "<tr><td>bin</td><td>Monday</td></tr>" * 3_000
    rows = [
        laid_out("<table><tr><td>x</td><td>" * around + f"<table>{inner}</table>").html.count("Monday")
        for around in (0, 1, 2, 3)
    ]
    assert rows == sorted(rows, reverse=True)
    assert rows[3] * 6 < rows[0]


def test_what_has_no_space_is_broken() -> None:
    made = laid_out("<p>" + "<b>x</b>" * 1_500 + "y" * 5_000 + "</p>")
    assert made.is_whole
    assert max(map(len, re.split(r"<br>| ", re.sub(r"</?[bp]>", "", made.html)))) <= 2_001


def test_a_mail_of_usual_size_is_laid_out_whole() -> None:
    assert laid_out("<div><p>A line of usual length in a long exchange of mails.</p></div>" * 1_000).is_whole


# --- which of a mail's parts ------------------------------------------------------------------------------------------


def parts(kind: str, *bodies: tuple[str, str]) -> bytes:
    body = "".join(f"--b\r\nContent-Type: {each}; charset=utf-8\r\n\r\n{text}\r\n" for each, text in bodies)
    return message("MIME-Version: 1.0", f"Content-Type: multipart/{kind}; boundary=b", body=f"{body}--b--\r\n")


def test_the_html_of_a_choice_is_taken() -> None:
    raw = parts("alternative", ("text/plain", "plain"), ("text/html", "<p>rich</p>"))
    assert read_html(raw).strip() == "<p>rich</p>"


def test_text_beside_the_html_is_not_lost() -> None:
    raw = parts("mixed", ("text/plain", "The answer is <no>."), ("text/html", "<p>Disclaimer</p>"))
    page = Page(laid_out(read_html(raw)).html)
    assert page.text == "The answer is <no>.Disclaimer"
    assert [tag for tag, _ in page.tags] == ["div", "hr", "p"]


def test_a_mail_of_text_alone_has_no_html_and_an_attached_page_is_none_of_it() -> None:
    assert read_html(message(body="plain <b>text</b>")) == ""
    attached = 'text/html; name="page.html"\r\nContent-Disposition: attachment; filename="page.html"\r\nX-Other: x'
    assert read_html(parts("mixed", ("text/plain", "plain"), (attached, "<p>x</p>"))) == ""
    enclosed = "Content-Type: text/html\r\n\r\n<p>somebody else's</p>"
    assert read_html(parts("mixed", ("text/plain", "plain"), ("message/rfc822", enclosed))) == ""


@given(st.binary(max_size=400).map(lambda raw: message("Content-Type: text/html", body=raw)) | st.binary(max_size=400))
def test_any_bytes_can_be_laid_out(raw: bytes) -> None:
    harmless(read_html(raw))


# --- real mail --------------------------------------------------------------------------------------------------------


def with_html(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix not in {".md", ".jsonl"} and (source := read_html(file.read_bytes())):
            yield file.name, source


def test_real_messages_are_laid_out_whole_with_every_word_their_text_has(shared_folder: Path) -> None:
    folder = shared_folder / "mail-samples"
    if not folder.is_dir():
        pytest.skip("the folder of real messages (shared/mail-samples) is not here")
    found = dict(with_html(folder))
    assert len(found) >= 50
    for name, source in found.items():
        assert laid_out(source).is_whole, name
        apart = html.unescape(re.sub(r"<[^>]*>", " ", laid_out(source).html))
        assert words(text_of(source)) <= words(harmless(source).text) | words(apart), name


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]{4,}", text))
