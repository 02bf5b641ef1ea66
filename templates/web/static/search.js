// Quick results under the search box while one types: up and down walk them, Enter opens, Escape closes.
"use strict";
(() => {
  const form = document.querySelector("form.dt-search[role=search]");
  const input = form && form.querySelector("input[name=q]");
  if (!input) return;
  const box = document.createElement("div");
  box.className = "dt-found";
  box.id = "search-found";
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", input.labels.length ? input.labels[0].textContent : "");
  box.hidden = true;
  form.append(box);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", box.id);
  input.setAttribute("aria-expanded", "false");
  let asked = 0;
  let wait;
  const hits = () => [...box.querySelectorAll(".dt-found-hit")];
  const show = (open) => { box.hidden = !open; input.setAttribute("aria-expanded", String(open)); if (!open) choose(null); };
  const choose = (hit) => {
    hits().forEach((one, place) => { one.id = `search-hit-${place}`; one.setAttribute("aria-selected", String(one === hit)); });
    if (hit) { input.setAttribute("aria-activedescendant", hit.id); hit.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
  };
  const chosen = () => hits().findIndex((one) => one.getAttribute("aria-selected") === "true");
  const look = async () => {
    const mine = ++asked;
    const words = input.value.trim();
    if (!words) { show(false); return; }
    let answer;
    try { answer = await fetch(`/search?part=1&q=${encodeURIComponent(words)}`, { headers: { Accept: "text/html" } }); } catch { return; }
    if (!answer.ok || answer.redirected || mine !== asked) return;
    const text = await answer.text();
    if (mine !== asked) return;
    box.innerHTML = text;
    choose(null);
    show(document.activeElement === input);
  };
  input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(look, 120); });
  input.addEventListener("focus", () => { if (input.value.trim() && box.children.length) show(true); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden) { event.preventDefault(); show(false); return; }
    if (box.hidden) return;
    const found = hits();
    const place = chosen();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = place + step;
      choose(next < 0 || next >= found.length ? (place < 0 && step < 0 ? found[found.length - 1] : null) : found[next]);
    } else if (event.key === "Enter" && place >= 0) {
      event.preventDefault();
      location.assign(found[place].href);
    }
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) show(false); });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) show(false); });
})();
