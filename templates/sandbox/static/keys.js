// The mail program by keys, the boxes that choose threads, and menus that close. Without scripts all of it has buttons.
"use strict";
(() => {
  document.documentElement.classList.add("has-scripts");
  const rows = () => [...document.querySelectorAll(".mx-item > .mx-row")];
  const boxes = () => [...document.querySelectorAll(".mx-item .mx-pick input")];
  const current = () => document.activeElement?.closest(".mx-item") ?? document.querySelector(".mx-item[data-on]");
  const opened = () => document.querySelector("[data-tools]");
  const seen = (it) => it && it.checkVisibility();

  // ---- choosing ----
  const every = () => document.querySelector("[data-every] input");
  const count = () => {
    const all = boxes(), chosen = all.filter((box) => box.checked).length, one = every();
    if (!one) return;
    one.closest("[data-every]").hidden = false;
    one.checked = chosen > 0 && chosen === all.length;
    one.indeterminate = chosen > 0 && chosen < all.length;
  };
  let last = null;
  document.addEventListener("change", (event) => {
    if (event.target === every()) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.closest?.("[data-list]")) count();
  });
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".mx-item .mx-pick input");
    if (!box) return;
    const all = boxes(), [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && last && from >= 0) for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    last = box;
    count();
  });
  document.addEventListener("list:redrawn", count);
  count();

  // Enter in the name of a new label makes it, and does not press the first button of the form.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-enter]")) { event.preventDefault(); event.target.parentElement.querySelector("button").click(); }
  });

  // A file that calls itself a picture and is none stands as a sheet of paper.
  document.addEventListener("error", (event) => {
    if (event.target.matches?.(".mx-file img")) event.target.replaceWith(Object.assign(document.createElement("span"), { className: "mx-paper" }));
  }, true);

  // ---- menus ----
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => { for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false; });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details[data-menu][open]")) for (const menu of menus()) if (menu !== event.target && !menu.contains(event.target)) menu.open = false;
  }, true);

  // ---- keys ----
  const sheet = document.querySelector("#keys");
  const help = () => { if (sheet && !sheet.open) sheet.showModal(); };
  for (const button of document.querySelectorAll("[data-keys]")) { button.hidden = false; button.addEventListener("click", help); }

  const step = (by) => {
    const all = rows(), now = all.indexOf(current()?.querySelector(".mx-row"));
    const next = all[now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + by))];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    if (opened() && seen(next)) next.click();
  };
  const pick = () => { const box = current()?.querySelector(".mx-pick input"); if (box) { box.click(); current()?.querySelector(".mx-row")?.focus(); } };
  // An act is for the open thread; in a list for the chosen ones, else for the one that the cursor is on.
  const act = (key) => {
    const bar = opened() ?? document.querySelector("[data-bulk] .mx-bulk");
    const button = bar?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) return false;
    if (!opened() && !boxes().some((box) => box.checked)) {
      const box = current()?.querySelector(".mx-pick input");
      if (!box) return false;
      box.checked = true;
      count();
    }
    if (button.matches("summary")) { button.parentElement.open = true; button.parentElement.querySelector(".mx-menubox button, .mx-menubox input")?.focus(); }
    else button.click();
    return true;
  };
  const press = (key) => {
    const button = [...document.querySelectorAll(`:is(a, button)[data-key="${CSS.escape(key)}"]`)].find((it) => !it.closest(".mx-menubox"));
    button?.click();
    return Boolean(button);
  };
  const star = () => { const button = opened()?.querySelector('[data-key="s"]') ?? current()?.querySelector(".mx-star"); button?.click(); return Boolean(button); };
  const open = () => { const row = current()?.querySelector(".mx-row"); if (document.activeElement?.closest(".mx-item")) row?.click(); };
  const search = () => { const box = [...document.querySelectorAll("input[type=search]")].find(seen); if (box) { box.focus(); box.select(); return; } const menu = document.querySelector("details[data-search]"); if (menu) { menu.open = true; menu.querySelector("input[type=search]")?.focus(); } };
  const doing = {
    j: () => step(1), k: () => step(-1), o: open, x: pick, s: star, "?": help, "/": search,
    e: () => act("e"), "#": () => act("#"), "!": () => act("!"), I: () => act("I"), U: () => act("U"), l: () => act("l"), v: () => act("v"),
    u: () => press("u"), r: () => press("r"), a: () => press("a"), f: () => press("f"), c: () => press("c"), z: () => press("z"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of menus()) { menu.open = false; menu.querySelector("summary").focus(); }
      return;
    }
    const target = event.target.closest ? event.target : document.body;
    const typing = target.closest("textarea, select, [contenteditable], dialog, aside") || (target.closest("input") && !target.matches("input[type=checkbox]"));
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!Object.hasOwn(doing, event.key)) return;
    if (event.key !== "/" && menus().length && target.closest("details[data-menu][open]")) return;
    event.preventDefault();
    doing[event.key]();
  });
})();
