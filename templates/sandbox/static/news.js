// New mail appears by itself: the page asks for the mailbox's stamp and fetches what changed.
"use strict";
(() => {
  const page = document.querySelector("[data-news]");
  if (!page) return;
  let stamp = page.dataset.stamp;

  const typing = () => document.activeElement?.matches("input, textarea, select") ?? false;
  const take = (fresh, what) => {
    const [now, next] = [document.querySelector(what), fresh.querySelector(what)];
    if (!now || !next || now.innerHTML === next.innerHTML) return false;
    const focus = now.contains(document.activeElement) ? document.activeElement : null;
    const [at, value] = [focus?.getAttribute("href"), focus?.getAttribute("value")];
    const chosen = [...now.querySelectorAll("input[name=ids]:checked")].map((box) => box.value);
    const scrolled = now.scrollTop;
    now.innerHTML = next.innerHTML;
    now.scrollTop = scrolled;
    for (const box of now.querySelectorAll("input[name=ids]")) box.checked = chosen.includes(box.value);
    if (at) now.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
    else if (value) now.querySelector(`[value="${CSS.escape(value)}"]`)?.focus();
    document.dispatchEvent(new Event("list:redrawn"));
    return true;
  };
  const opened = (root) => root.querySelector("[data-mail]")?.dataset.mail ?? "";

  const update = async () => {
    const answer = await fetch(location.href, { headers: { "X-Opened": opened(document) } });
    if (!answer.ok) return false;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!document.querySelector("[data-list] details[open]")) take(fresh, "[data-list]"); // a menu is in use
    take(fresh, ".mx-folders");
    if (opened(document) !== opened(fresh) && !typing()) {
      take(fresh, "[data-mail]");
      document.querySelector("[data-mail]").dataset.mail = opened(fresh);
      take(fresh, "[data-panel]");
    }
    return true;
  };

  const ask = async () => {
    try {
      const answer = await fetch(page.dataset.news);
      if (!answer.ok) return;
      const news = await answer.json();
      const clock = document.querySelector("[data-clock]");
      if (clock && clock.textContent !== news.clock) clock.textContent = news.clock;
      if (news.stamp !== stamp && (await update())) stamp = news.stamp; // an update that failed is tried again
    } catch { /* the sandbox was stopped; the next question will tell */ }
  };

  const next = () => setTimeout(async () => { if (!document.hidden) await ask(); next(); }, 2000);
  next();

  if (page.dataset.read) {
    const token = document.querySelector("meta[name=csrf-token]").content;
    fetch(page.dataset.read, { method: "POST", headers: { "X-CSRFToken": token } });
  }
})();
