// Menus of the bar keep within the window. A filter is edited in the menu it was chosen from; without this script its editor is a page of its own.
"use strict";
(() => {
  // A menu that would stick out at the right opens to the left.
  document.addEventListener("toggle", (event) => {
    const box = event.target.open && event.target.querySelector(":scope > .dt-menubox");
    if (!box) return;
    box.classList.remove("end");
    if (box.getBoundingClientRect().right > document.documentElement.clientWidth) box.classList.add("end");
  }, true);

  const menu = document.getElementById("add-filter");
  if (!menu) return;
  const box = menu.querySelector("[data-editor]");
  const fields = [...box.childNodes];

  function list() { box.replaceChildren(...fields); }

  async function edit(link) {
    try {
      const answer = await fetch(`${link.href}&part=1`);
      if (!answer.ok) { window.location.assign(link.href); return; }
      const made = document.createElement("template");
      made.innerHTML = (await answer.text()).trim();
      const form = made.content.querySelector("form");
      box.replaceChildren(form);
      menu.open = true;
      form.querySelector("[data-cancel]").addEventListener("click", (event) => {
        event.preventDefault();
        list();
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      form.querySelector("select, input:not([type=hidden])").focus();
    } catch (trouble) {
      window.location.assign(link.href);
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-filter]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    edit(link);
  });
  menu.addEventListener("toggle", () => { if (!menu.open) list(); });
})();
