// Z takes back what the first line of the page says was just done.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key !== "z" && event.key !== "Z") return;
  const form = document.querySelector(".dt-moved form[data-undo]");
  if (form) form.requestSubmit();
});
