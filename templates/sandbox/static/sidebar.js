// The sidebar without reloading the page: presses, changes, links and windows. Everything works without it too, but slower.
"use strict";
(() => {
  const here = (element) => element.closest("[data-panel]");
  const side = () => document.querySelector("[data-panel]");
  const say = (words) => { const live = document.querySelector("[data-announce]"); if (live) { live.textContent = ""; live.textContent = words; } };

  // ---- what only scripts can draw ----
  // A card's button may carry a colour of its own; the page's rules forbid styles in the text.
  const paint = (root) => {
    for (const button of root.querySelectorAll("[data-colour]")) {
      const colour = button.dataset.colour;
      const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      button.style.setProperty("--g-fill", colour);
      button.style.setProperty("--g-on", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.36 ? "#1f1f1f" : "#ffffff");
    }
  };
  // A shortened text offers the rest of it.
  const lengthen = (root) => {
    for (const text of root.querySelectorAll(".gc-p.lines:not([data-long])")) {
      if (text.scrollHeight <= text.clientHeight + 1) continue;
      text.dataset.long = "";
      const more = Object.assign(document.createElement("button"), { type: "button", className: "gc-b gc-morelines", textContent: text.dataset.more });
      more.setAttribute("aria-expanded", "false");
      more.addEventListener("click", () => {
        const whole = text.classList.toggle("whole");
        more.textContent = whole ? text.dataset.less : text.dataset.more;
        more.setAttribute("aria-expanded", String(whole));
      });
      text.after(more);
    }
  };
  const limit = (set) => {
    const boxes = [...set.querySelectorAll("input[type=checkbox]")], chosen = boxes.filter((box) => box.checked);
    for (const box of boxes) box.disabled = !box.checked && chosen.length >= Number(set.dataset.most);
    const shown = set.querySelector("[data-chosen]");
    shown.textContent = chosen.map((box) => box.dataset.text).join(", ") || shown.dataset.none;
  };
  const dress = (root) => {
    paint(root);
    lengthen(root);
    for (const set of root.querySelectorAll(".gc-multi")) limit(set);
    window.addonCombos?.(root);
  };

  // ---- asking and redrawing ----
  const folds = (root) => new Map([...root.querySelectorAll("details[data-fold]")].map((fold) => [fold.dataset.fold, fold.open]));
  const name = (it) => (it.name || "") + "|" + (it.value || it.textContent);
  const redraw = (aside, html, focused) => {
    const open = folds(aside);
    aside.innerHTML = html;
    for (const fold of aside.querySelectorAll("details[data-fold]")) fold.open = open.get(fold.dataset.fold) ?? fold.open;
    dress(aside);
    if (focused) {
      const again = [...aside.querySelectorAll("button, a, input, select, textarea")].find((it) => name(it) === focused)
        || aside.querySelector(".gc-error button, .gc-error a, .gc-consent a, .gc-card button:not(.gc-enter), .gc-card input, .gc-card a");
      if (again) again.focus({ preventScroll: true });
    }
  };
  // In the compose window the add-on is told whom the mail goes to.
  const recipients = (aside, data) => {
    if (!aside?.hasAttribute("data-compose")) return;
    const fields = document.querySelector("#compose")?.elements;
    for (const field of ["to", "cc", "bcc"]) data.set(`draft.${field}`, fields?.[field]?.value ?? "");
  };
  const follows = (aside, drawn) => {
    if (drawn.notice) say(drawn.notice);
    if (drawn.draft) document.dispatchEvent(new CustomEvent("addon:draft", { detail: drawn.draft }));
    if (drawn.goto) { location.href = drawn.goto; return; }
    if (drawn.dismissed) { document.dispatchEvent(new CustomEvent("addon:dismiss")); return; }
    if (drawn.link) follow(aside, drawn.link, drawn);
  };

  let busy = false;
  const ask = async (aside, url, options, quiet) => {
    if (busy) return;
    busy = true;
    const now = document.activeElement;
    const focused = aside.contains(now) ? name(now) : "";
    const wait = aside.querySelector(".gc-wait");
    const timer = setTimeout(() => { if (!quiet) { if (wait) wait.hidden = false; aside.setAttribute("aria-busy", "true"); } }, 300);
    try {
      const answer = await fetch(url, { ...options, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) { location.reload(); return; }
      const drawn = await answer.json();
      redraw(aside, drawn.html, focused);
      follows(aside, drawn);
    } catch { location.reload(); } finally {
      clearTimeout(timer);
      busy = false;
      aside.removeAttribute("aria-busy");
      if (wait) wait.hidden = true;
    }
  };
  const act = (form, extra, quiet) => {
    const aside = here(form), data = new FormData(form);
    if (form.hasAttribute("data-with-card")) {
      const card = aside.querySelector(".gc-card");
      if (card) for (const [field, value] of new FormData(card)) if (field.startsWith("in.")) data.append(field, value);
    }
    for (const [field, value] of Object.entries(extra)) data.set(field, value);
    recipients(aside, data);
    return ask(aside, form.action, { method: "POST", body: data }, quiet);
  };
  const refresh = (aside) => { const button = aside?.querySelector("[data-refresh]"); if (button) act(button.form, {}, true); };

  // ---- links and windows ----
  // An overlay is a window over the mail; Google reloads the card when it is closed, where the link says so.
  const follow = (aside, url, { overlay, reload, redrawn }) => {
    const [width, height] = [Math.min(520, screen.availWidth), Math.min(680, screen.availHeight)];
    const place = `popup,width=${width},height=${height},left=${Math.max(0, screenX + (outerWidth - width) / 2)},top=${Math.max(0, screenY + (outerHeight - height) / 2)}`;
    const opened = overlay ? window.open(url, "addon-overlay", place) : window.open(url, "_blank");
    if (!opened) return;
    try { opened.opener = null; } catch { /* it went elsewhere already */ }
    opened.focus();
    aside.querySelector(".gc-opened")?.remove();
    if (!reload && !redrawn) return;
    const watch = setInterval(() => {
      if (!opened.closed) return;
      clearInterval(watch);
      if (redrawn) ask(aside, redrawn, {}, true); else refresh(aside);
    }, 300);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-panel] form[data-act]");
    if (!form) return;
    event.preventDefault();
    const button = event.submitter;
    if (form.classList.contains("gc-card") && !(button && button.value)) return;
    act(form, button && button.name ? { [button.name]: button.value } : {}, button?.hasAttribute("data-quiet"));
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-panel] a:is([data-reload], [data-overlay])");
    if (link) {
      event.preventDefault();
      follow(here(link), link.href, { overlay: link.hasAttribute("data-overlay"), reload: link.hasAttribute("data-reload"), redrawn: link.dataset.redraw });
    }
    if (event.target.closest("[data-compose] [data-close-panel]")) { event.preventDefault(); document.dispatchEvent(new CustomEvent("addon:dismiss")); }
    for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    const set = field.closest(".gc-multi");
    if (set) limit(set);
    if (field.dataset?.change && here(field)) act(field.form, { press: field.dataset.change }, field.hasAttribute("data-quiet"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of document.querySelectorAll("details[data-menu][open]")) { menu.open = false; menu.querySelector("summary").focus(); }
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const box = [...document.querySelectorAll("input[type=search]")].find((it) => it.checkVisibility());
      if (box) { event.preventDefault(); box.focus(); } else { const menu = document.querySelector("[data-search]"); if (menu) { event.preventDefault(); menu.open = true; menu.querySelector("input").focus(); } }
    }
  });

  window.addonPanel = { ask, recipients };
  const start = () => {
    const aside = side();
    if (!aside) return;
    dress(aside);
    // New mail brings another card: the page's own script put it there.
    new MutationObserver(() => dress(aside)).observe(aside, { childList: true });
  };
  start();
})();
