"""Signatures and vacation answers keep their looks and lose whatever could act."""

from __future__ import annotations

import pytest

from addon.sandbox.gmail.mailbox.markup import plain, sanitized


@pytest.mark.parametrize(
    "markup",
    [
        "plain words, 1 &lt; 2",
        '<b>Anna</b><br><a href="https://halyard.example/?a=1&amp;b=2">Halyard</a> &amp; Co. &#8211; &euro;',
        '<div style="color: #333; font-size: 12px"><img src="cid:logo" alt="Logo"></div>',
        '<table><tr><td width="10">x</td></tr></table>',
    ],
)
def test_looks_and_links_stay(markup):
    assert sanitized(markup) == markup


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ("<script>x()</script>A", "A"),
        ("<SCRIPT src=//x.test>A", ""),
        ("<b onclick=x() title=t>A</b>", '<b title="t">A</b>'),
        ("<a href='javascript:x()'>A</a>", "<a>A</a>"),
        ("<a href=' java&#10;script:x()'>A</a>", "<a>A</a>"),
        ("<img src=x onerror=x()>", '<img src="x">'),
        ("<svg><a xlink:href='javascript:x()'>A</a></svg>B", "B"),
        ("<form action=x><input name=a>A</form>B", "B"),
        (r"<p style='color: \65 xpression(x)'>A</p>", "<p>A</p>"),
        ("<p style='background: url(//x.test)'>A</p>", "<p>A</p>"),
        ("<scr<script>ipt>x()</scr<script>ipt>", "ipt>x()ipt>"),
        ("<iframe srcdoc='<script>x()</script>'></iframe>A", "A"),
        ("<!-- x --><!doctype html><html><body><p>A</p></body></html>", "<p>A</p>"),
        ("<<b>A</b>", "&lt;<b>A</b>"),
    ],
)
def test_what_could_act_goes(markup, left):
    assert sanitized(markup) == left
    assert sanitized(left) == left, "and nothing new comes of it"


def test_words_are_read_out_of_markup():
    assert plain("<p>Gone <b>fishing</b></p><div>Back&nbsp;soon<br>A &amp; B</div>") == (
        "Gone fishing\nBack\xa0soon\nA & B"
    )
