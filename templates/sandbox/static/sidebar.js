// The sidebar without reloading the page: presses, changes, suggestions, links. Everything works without it too, but slower.
"use strict";
(() => {
  const side = () => document.querySelector("[data-panel]");
  const say = (words) => { const live = document.querySelector("[data-announce]"); if (live) { live.textContent = ""; live.textContent = words; } };

  // A card's button may carry a colour of its own; the page's rules forbid styles in the text.
  const paint = (root) => {
    for (const button of root.querySelectorAll("[data-colour]")) {
      const colour = button.dataset.colour;
      const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      button.style.setProperty("--g-fill", colour);
      button.style.setProperty("--g-on", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.36 ? "#1f1f1f" : "#ffffff");
    }
  };

  const folds = (root) => new Map([...root.querySelectorAll("details[data-fold]")].map((fold) => [fold.dataset.fold, fold.open]));

  const redraw = (html, focused) => {
    const aside = side();
    const open = folds(aside);
    aside.innerHTML = html;
    for (const fold of aside.querySelectorAll("details[data-fold]")) fold.open = open.get(fold.dataset.fold) ?? fold.open;
    paint(aside);
    if (focused) {
      const again = [...aside.querySelectorAll("button, a, input, select, textarea")].find((it) => (it.name || "") + "|" + (it.value || it.textContent) === focused)
        || aside.querySelector(".gc-error button, .gc-consent button, .gc-card button:not(.gc-enter), .gc-card input, .gc-card a");
      if (again) again.focus({ preventScroll: true });
    }
  };

  let busy = false;
  const act = async (form, extra, quiet) => {
    if (busy) return;
    busy = true;
    const aside = side();
    const data = new FormData(form);
    if (form.hasAttribute("data-with-card")) {
      const card = aside.querySelector(".gc-card");
      if (card) for (const [name, value] of new FormData(card)) if (name.startsWith("in.")) data.append(name, value);
    }
    for (const [name, value] of Object.entries(extra)) data.set(name, value);
    const now = document.activeElement;
    const focused = aside.contains(now) ? (now.name || "") + "|" + (now.value || now.textContent) : "";
    const wait = aside.querySelector(".gc-wait");
    const timer = setTimeout(() => { if (wait && !quiet) { wait.hidden = false; aside.setAttribute("aria-busy", "true"); } }, 300);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) { location.reload(); return; }
      const drawn = await answer.json();
      redraw(drawn.html, focused);
      if (drawn.notice) say(drawn.notice);
      if (drawn.link) follow(drawn.link, drawn.reload);
    } catch { location.reload(); } finally {
      clearTimeout(timer);
      busy = false;
      aside.removeAttribute("aria-busy");
      if (wait) wait.hidden = true;
    }
  };

  const refresh = () => { const button = side()?.querySelector("[data-refresh]"); if (button) act(button.form, {}, true); };
  window.dealthreadRefresh = refresh;

  // Google reloads the card when the window it opened is closed.
  const follow = (url, reload) => {
    const opened = window.open(url, "_blank");
    if (!opened) return;
    side().querySelector(".gc-opened")?.remove();
    if (!reload) return;
    const watch = setInterval(() => { if (opened.closed) { clearInterval(watch); refresh(); } }, 400);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    const button = event.submitter;
    if (form.classList.contains("gc-card") && !(button && button.value)) return;
    act(form, button && button.name ? { [button.name]: button.value } : {}, button?.hasAttribute("data-quiet"));
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-panel] a[data-reload]");
    if (link) { event.preventDefault(); follow(link.href, true); }
    for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of document.querySelectorAll("details[data-menu][open]")) { menu.open = false; menu.querySelector("summary").focus(); }
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { const box = document.querySelector("input[type=search]"); if (box) { event.preventDefault(); box.focus(); } }
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("select[multiple][data-most]")) {
      const chosen = [...field.selectedOptions];
      for (const option of chosen.slice(Number(field.dataset.most))) option.selected = false;
    }
    if (field.dataset && field.dataset.change) act(field.form, { press: field.dataset.change }, false);
  });

  let typing = 0;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.dataset || !field.dataset.complete) return;
    clearTimeout(typing);
    typing = setTimeout(async () => {
      const data = new FormData(field.form);
      data.set("press", field.dataset.complete);
      const answer = await fetch(field.form.dataset.suggest, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      const { items } = await answer.json();
      field.list.replaceChildren(...items.map((text) => Object.assign(document.createElement("option"), { value: text })));
    }, 250);
  });

  if (side()) paint(side());
})();
