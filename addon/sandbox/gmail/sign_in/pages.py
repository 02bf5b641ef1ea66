"""The consent page: who you are, what a program asks for, Allow or Cancel. HTML and a style sheet, no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.sign_in.asking import BASIC, Asked

_AUTH = "https://www.googleapis.com/auth/"
_WORDS = {
    "https://mail.google.com/": "Read, write, send and permanently delete all your email",
    _AUTH + "gmail.modify": "Read, write and send email, and change labels",
    _AUTH + "gmail.readonly": "See your email messages and settings",
    _AUTH + "gmail.compose": "Write and send drafts and email",
    _AUTH + "gmail.send": "Send email on your behalf",
    _AUTH + "gmail.insert": "Add messages to your mailbox",
    _AUTH + "gmail.labels": "See and change your labels",
    _AUTH + "gmail.metadata": "See message headers, but not what they say",
    _AUTH + "gmail.settings.basic": "See and change your mail settings and filters",
    _AUTH + "gmail.settings.sharing": "Manage who may send, read and receive email on your behalf",
    _AUTH + "gmail.addons.execute": "Run as an add-on in Gmail",
    _AUTH + "gmail.addons.current.message.readonly": "See the messages you open while the add-on runs",
    _AUTH + "gmail.addons.current.message.metadata": "See the headers of the messages you open while the add-on runs",
    _AUTH + "gmail.addons.current.message.action": "See the message you are acting on with the add-on",
    _AUTH + "gmail.addons.current.action.compose": "Write drafts and send email while you use the add-on",
    _AUTH + "script.locale": "See your language and time zone",
    _AUTH + "userinfo.email": "See your email address",
    _AUTH + "userinfo.profile": "See your name",
    "openid": "Know who you are",
    "email": "See your email address",
    "profile": "See your name",
}

STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px;
  background: #f3efe8; color: #24211c;
  font: 15px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", Ubuntu, "DejaVu Sans", sans-serif }
main { width: 100%; max-width: 440px; background: #fff; padding: 28px 24px;
  border: 1px solid #e5dfd4; border-radius: 14px }
.where { margin: 0 0 16px; padding: 6px 10px; border-radius: 6px; background: #fdf0cd; color: #6f4c06; font-size: 13px }
h1 { margin: 0 0 4px; font-size: 22px; line-height: 1.25; font-weight: 600; overflow-wrap: anywhere }
p { margin: 0 0 12px; color: #544e45; overflow-wrap: anywhere }
fieldset { margin: 20px 0 0; padding: 0; border: 0 }
legend { padding: 0 0 6px; font-weight: 600 }
label { display: flex; gap: 12px; align-items: center; padding: 10px 8px; cursor: pointer;
  border-top: 1px solid #e5dfd4 }
label:hover { background: #f7f4ee }
label span { min-width: 0; overflow-wrap: anywhere }
small { display: block; color: #544e45; font-size: 13px }
input { flex: none; width: 18px; height: 18px; margin: 0; accent-color: #17605a }
.does { display: flex; flex-wrap: wrap-reverse; gap: 12px; justify-content: flex-end; margin-top: 24px }
button { min-height: 44px; padding: 0 22px; border-radius: 10px; font: inherit; font-weight: 600; cursor: pointer;
  border: 1px solid #8c8475; background: #fff; color: #24211c }
button.main { border-color: #17605a; background: #17605a; color: #fff }
button:focus-visible, input:focus-visible { outline: 3px solid #1d6fd1; outline-offset: 2px }
code { font: 13px/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere }
"""

HEADERS = {
    "Content-Type": "text/html; charset=UTF-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def consent(asked: Asked, accounts: Iterable[Account], question: str) -> str:
    """The page for this request; `question` is its query string, which the form sends back."""
    people = list(accounts)
    client = escape(urlsplit(asked.redirect_uri).netloc or asked.client)
    if not people:
        return _page("No mailbox yet", "<p>Nobody has a mailbox on this machine yet, so nobody can sign in.</p>")
    hinted = next((one for one in people if one.email == asked.login_hint.lower()), people[0])
    choices = "".join(_account(one, one == hinted) for one in people)
    wishes = "".join(_scope(scope) for scope in asked.scopes if scope not in BASIC)
    wanted = f"<fieldset><legend>{client} asks to</legend>{wishes}</fieldset>" if wishes else ""
    return _page(
        f"Sign in to {client}",
        f"""<p>Choose who you are{" and what you allow" if wishes else ""}.</p>
<form method="post" action="/o/oauth2/v2/auth">
<input type="hidden" name="question" value="{escape(question)}">
<fieldset><legend>Account</legend>{choices}</fieldset>
{wanted}
<div class="does"><button name="decision" value="cancel" formnovalidate>Cancel</button>
<button class="main" name="decision" value="allow">Allow</button></div>
</form>""",
    )


def problem(error: str, sentence: str) -> str:
    """The page for a request that cannot be answered."""
    return _page("Access blocked", f"<p>{escape(sentence)}</p><p><code>Error: {escape(error)}</code></p>")


def _account(account: Account, chosen: bool) -> str:
    mark = " checked" if chosen else ""
    name = escape(account.name or account.email)
    email = escape(account.email)
    return (
        f'<label><input type="radio" name="account" value="{email}" required{mark}>'
        f"<span>{name}<small>{email}</small></span></label>"
    )


def _scope(scope: str) -> str:
    words = _WORDS.get(scope, scope.removeprefix(_AUTH))
    return (
        f'<label><input type="checkbox" name="scope" value="{escape(scope)}" checked><span>{escape(words)}'
        f"<small>{escape(scope.removeprefix(_AUTH))}</small></span></label>"
    )


def _page(title: str, content: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<p class="where">Sandbox: these accounts live on this machine only.</p>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""
