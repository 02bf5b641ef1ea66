// A card's text box that completes: what the add-on offers while somebody types, by mouse and by keys.
"use strict";
(() => {
  let numbers = 0;

  const combo = (field) => {
    const first = [...(field.list?.options ?? [])].map((option) => option.value);
    field.list?.remove();
    field.removeAttribute("list");
    const list = Object.assign(document.createElement("ul"), { className: "gc-options", id: `options-${++numbers}`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.combo);
    field.after(list);
    for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) field.setAttribute(key, value);

    let [timer, asked, at] = [0, null, -1];
    const options = () => [...list.children];
    const point = (next) => {
      at = next;
      options().forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      const active = options()[at];
      if (active) { field.setAttribute("aria-activedescendant", active.id); active.scrollIntoView({ block: "nearest" }); } else field.removeAttribute("aria-activedescendant");
    };
    const close = () => { list.hidden = true; field.setAttribute("aria-expanded", "false"); point(-1); };
    const show = (texts) => {
      list.replaceChildren(...[...new Set(texts)].map((text, number) => {
        const option = Object.assign(document.createElement("li"), { id: `${list.id}-${number}`, textContent: text });
        option.setAttribute("role", "option");
        return option;
      }));
      const any = texts.length > 0 && document.activeElement === field;
      list.hidden = !any;
      field.setAttribute("aria-expanded", String(any));
      point(-1);
      if (any) list.scrollIntoView({ block: "nearest" });
    };
    const fitting = () => first.filter((text) => text.toLowerCase().includes(field.value.trim().toLowerCase()) && text !== field.value);
    const choose = (option) => {
      clearTimeout(timer);
      asked?.abort();
      field.value = option.textContent;
      close();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const ask = async () => {
      asked?.abort();
      asked = new AbortController();
      const data = new FormData(field.form);
      data.set("press", field.dataset.complete);
      window.addonPanel?.recipients(field.closest("[data-panel]"), data);
      try {
        const answer = await fetch(field.form.dataset.suggest, { method: "POST", body: data, signal: asked.signal, headers: { "X-Requested-With": "fetch" } });
        if (answer.ok) show((await answer.json()).items);
      } catch { /* something newer was asked, or the sandbox was stopped */ }
    };

    field.addEventListener("input", () => {
      clearTimeout(timer);
      if (!field.dataset.complete) { show(fitting()); return; }
      if (!field.value.trim()) { asked?.abort(); show(first); return; }
      timer = setTimeout(ask, 250);
    });
    field.addEventListener("focus", () => { if (!field.value || !field.dataset.complete) show(fitting()); });
    field.addEventListener("blur", () => { clearTimeout(timer); asked?.abort(); close(); });
    field.addEventListener("keydown", (event) => {
      const last = options().length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) show(options().length ? options().map((option) => option.textContent) : fitting());
        if (options().length) point(event.key === "ArrowDown" ? (at >= last ? 0 : at + 1) : at <= 0 ? last : at - 1);
      } else if (event.key === "Enter" && !list.hidden && at >= 0) {
        event.preventDefault();
        choose(options()[at]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) choose(option); });
  };

  window.addonCombos = (root) => { for (const field of root.querySelectorAll("input[data-combo]:not([role])")) combo(field); };
})();
