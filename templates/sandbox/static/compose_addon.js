// The add-on beside the mail that is being written: its buttons, its panel, and what it makes of the draft.
"use strict";
(() => {
  const place = document.querySelector("#compose-addon"), offers = document.querySelector("template[data-compose-offers]");
  const writing = document.querySelector("#compose"), page = document.querySelector(".mx");
  if (!place || !offers || !writing || !page) return;
  place.replaceChildren(offers.content.cloneNode(true));
  const buttons = [...place.querySelectorAll("button")];
  let used = null;

  const dismiss = () => {
    const aside = document.querySelector("[data-compose]");
    if (!aside) return;
    aside.remove();
    page.classList.remove("has-compose-addon");
    for (const button of buttons) button.setAttribute("aria-expanded", "false");
    used?.focus();
  };
  const open = (button) => {
    dismiss();
    used = button;
    const aside = document.createElement("aside");
    aside.className = "gc gc-compose";
    aside.id = "addon";
    aside.setAttribute("aria-label", offers.dataset.label);
    aside.dataset.panel = aside.dataset.compose = "";
    aside.innerHTML = document.querySelector("template[data-compose-loading]").innerHTML;
    page.append(aside);
    page.classList.add("has-compose-addon");
    button.setAttribute("aria-expanded", "true");
    const data = new FormData();
    data.set("csrf_token", document.querySelector("meta[name=csrf-token]").content);
    data.set("number", button.value);
    window.addonPanel.recipients(aside, data);
    window.addonPanel.ask(aside, offers.dataset.open, { method: "POST", body: data });
  };
  for (const button of buttons) button.addEventListener("click", () => (button.getAttribute("aria-expanded") === "true" ? dismiss() : open(button)));
  document.addEventListener("addon:dismiss", dismiss);

  // ---- the draft ----
  const tell = (field) => { for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true })); };
  const parted = (before, after) => (before && after && !before.endsWith("\n") && !after.startsWith("\n") ? "\n" : "");
  const write = (body, how, text) => {
    const old = body.value;
    let [from, to, put] = [body.selectionStart, body.selectionEnd, text];
    if (how === "REPLACE") [from, to] = [0, old.length];
    if (how === "INSERT_AT_START") [from, to, put] = [0, 0, text + parted(text, old)];
    if (how === "INSERT_AT_END") [from, to, put] = [old.length, old.length, parted(old, text) + text];
    body.setRangeText(put, from, to, "end");
    tell(body);
  };
  document.addEventListener("addon:draft", (event) => {
    const { fields, place: how, text } = event.detail;
    for (const [name, value] of Object.entries(fields)) {
      const field = writing.elements[name];
      if (!field) continue;
      field.value = value;
      const folded = field.closest("details, [hidden]");
      if (folded) { folded.hidden = false; if ("open" in folded) folded.open = true; }
      tell(field);
    }
    if (how && writing.elements.body) write(writing.elements.body, how, text);
  });
})();
