// Writing a campaign: a chosen list is read at once, and a click on a field puts it where the cursor was.
"use strict";
(() => {
  const chooser = document.querySelector("[data-read-at-once]");
  if (chooser) {
    chooser.addEventListener("change", () => {
      if (!chooser.files.length) return;
      const button = chooser.form.querySelector("[formaction]");
      if (button) chooser.form.requestSubmit(button);
      else chooser.form.requestSubmit();
    });
  }

  const texts = ["subject", "body"].map((name) => document.getElementById(name)).filter(Boolean);
  let last = texts[1] || texts[0];
  texts.forEach((text) => text.addEventListener("focus", () => { last = text; }));
  document.querySelectorAll("[data-insert]").forEach((chip) => {
    chip.addEventListener("click", () => {
      last.setRangeText(chip.dataset.insert, last.selectionStart, last.selectionEnd, "end");
      last.focus();
    });
  });
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
