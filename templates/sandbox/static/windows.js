// In a window that was opened over the mail: it says so in its form, offers "all" at once, and closes itself at the end.
"use strict";
(() => {
  const over = window.name === "addon-overlay";
  for (const field of document.querySelectorAll("[data-if-window]")) field.disabled = !over;
  const all = document.querySelector("[data-all]");
  if (all) {
    const [main, boxes] = [all.querySelector("input"), [...document.querySelectorAll("input[name=scope]")]];
    const look = () => { const on = boxes.filter((box) => box.checked).length; main.checked = on === boxes.length; main.indeterminate = on > 0 && on < boxes.length; };
    all.hidden = false;
    main.addEventListener("change", () => { for (const box of boxes) box.checked = main.checked; });
    for (const box of boxes) box.addEventListener("change", look);
  }
  if (over && document.querySelector("[data-closes]")) window.close();
})();
