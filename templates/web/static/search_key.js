// "/" leads to the search box.
"use strict";
(() => {
  const box = document.getElementById("search-box");
  if (!box) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    event.preventDefault();
    if (box.offsetParent) { box.focus(); box.select(); }
    else window.location.assign(box.form.action);
  });
})();
