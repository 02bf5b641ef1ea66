// The drawer of the world's controls, the menu of people by keys, and the way into the phone's frame.
"use strict";
(() => {
  const drawer = document.querySelector("dialog[data-world]");
  let came = null;

  const show = async (answer, focused) => {
    drawer.querySelector("[data-world-body]").innerHTML = await answer.text();
    const state = drawer.querySelector("[data-world-state]");
    for (const [key, value] of Object.entries(state?.dataset ?? {})) for (const place of document.querySelectorAll(`[data-shows="${key}"]`)) place.textContent = value;
    document.querySelector(".mx-faults")?.classList.toggle("is-on", state?.dataset.count !== "0");
    if (focused) [...drawer.querySelectorAll("button, input, select, summary")].find((it) => `${it.form?.getAttribute("action")}|${it.name}|${it.value}` === focused || it.dataset.key === focused)?.focus();
  };
  const ask = async (url, options, focused) => {
    try {
      const answer = await fetch(url, { ...options, headers: { "X-Requested-With": "fetch" } });
      if (answer.ok) await show(answer, focused); else location.href = drawer.dataset.world;
    } catch { location.href = drawer.dataset.world; }
  };

  if (drawer) {
    document.addEventListener("click", async (event) => {
      const link = event.target.closest("a[data-open-world]");
      if (!link || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      came = link;
      await ask(drawer.dataset.world, {});
      if (!drawer.open) drawer.showModal();
      const part = link.hash && drawer.querySelector(link.hash);
      if (part) part.scrollIntoView({ block: "start" });
    });
    drawer.addEventListener("click", (event) => { if (event.target === drawer || event.target.closest("[data-close]")) drawer.close(); });
    drawer.addEventListener("close", () => came?.focus());
    // The clock goes on and faults strike while the drawer is open; what is being typed or pressed stays.
    setInterval(async () => {
      if (!drawer.open || document.hidden) return;
      try {
        const answer = await fetch(`${drawer.dataset.world}?live=yes`, { headers: { "X-Requested-With": "fetch" } });
        if (!answer.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const now of drawer.querySelectorAll("[data-live]")) {
          const next = fresh.querySelector(`[data-live="${now.dataset.live}"]`);
          if (next && next.innerHTML !== now.innerHTML && !now.contains(document.activeElement)) now.innerHTML = next.innerHTML;
        }
      } catch { /* the sandbox was stopped; the next press will tell */ }
    }, 2500);
    drawer.addEventListener("submit", (event) => {
      const form = event.target.closest("form[data-world-form]");
      if (!form) return;
      event.preventDefault();
      const data = new FormData(form), button = event.submitter;
      if (button?.name) data.set(button.name, button.value);
      const focused = button?.dataset.key ?? (button ? `${form.getAttribute("action")}|${button.name}|${button.value}` : "");
      ask(form.action, { method: "POST", body: data }, focused);
    });
  }

  // ---- menus by keys ----
  document.addEventListener("keydown", (event) => {
    const people = document.querySelector("details[data-people]");
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (event.key === "p" && people && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      people.open = true;
      (people.querySelector("button:not([aria-current])") ?? people.querySelector("button"))?.focus();
    }
    const menu = event.target.closest("details[data-menu][open]");
    if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const entries = [...menu.querySelectorAll(".mx-menubox :is(a, button:not([disabled]))")];
      const at = entries.indexOf(document.activeElement), step = event.key === "ArrowDown" ? 1 : -1;
      event.preventDefault();
      entries[at < 0 ? (step > 0 ? 0 : entries.length - 1) : (at + step + entries.length) % entries.length]?.focus();
    }
  });

  // ---- the phone's frame ----
  const phone = document.querySelector("[data-phone]");
  if (phone?.dataset.phone && window.top === window) location.replace(`${phone.dataset.phone}?at=${encodeURIComponent(location.pathname + location.search)}`);
  for (const form of document.querySelectorAll("form[data-phone-form]")) form.elements.at.value = location.pathname + location.search;
})();
