// Shows a whole mail below its line, and hides it again; without this the button opens it on a page of its own.
(() => {
  "use strict";
  const shown = (form) => form.parentElement.querySelector(":scope > .dt-wholemail, :scope > .dt-note");

  const said = (form, title, text) => {
    const box = document.createElement("div"), words = document.createElement("div"), strong = document.createElement("p");
    box.className = "dt-note is-late mt-1";
    box.setAttribute("role", "alert");
    strong.className = "strong";
    strong.textContent = title;
    const rest = document.createElement("p");
    rest.textContent = text;
    words.append(strong, rest);
    box.append(words);
    form.after(box);
  };

  const open = async (form) => {
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) { said(form, told.title, told.text); return false; }
      const box = document.createElement("template");
      box.innerHTML = told.html;
      form.after(box.content.firstElementChild);
      return true;
    } catch {
      said(form, form.dataset.silent, "");
      return false;
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-show-mail]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled")) return;
    const there = shown(form), was = there && there.classList.contains("dt-wholemail");
    if (there) there.remove();
    form.named = form.named || [button.textContent, button.getAttribute("aria-label")];
    const [words, label] = form.named;
    let is = false;
    if (!was) {
      button.setAttribute("aria-disabled", "true");
      button.removeAttribute("aria-label");
      button.textContent = form.dataset.asking;
      is = await open(form);
      button.removeAttribute("aria-disabled");
    }
    button.textContent = is ? form.dataset.hide : words;
    if (!is) button.setAttribute("aria-label", label);
    button.setAttribute("aria-expanded", String(is));
  });
})();
