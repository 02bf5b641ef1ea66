// An import: its progress is drawn anew when the server says that the truth moved; a file that is too large never leaves.
"use strict";
(() => {
  const file = document.querySelector("[data-largest]");
  if (file) {
    const refused = document.getElementById("import-error");
    const fits = () => !file.files[0] || file.files[0].size <= Number(file.dataset.largest);
    file.addEventListener("change", () => { refused.hidden = fits(); });
    file.form.addEventListener("submit", (event) => { if (!fits()) { event.preventDefault(); refused.hidden = false; } });
  }

  const page = document.querySelector("#import[data-state]");
  if (!page) return;
  const POLL = 1000;
  let print = page.dataset.print;

  async function look() {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(`${page.dataset.state}?known=${print}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401) { window.location.reload(); return; }
      if (answer.status !== 200) return;
      const body = await answer.json();
      if (body.stage !== page.dataset.stage) { window.location.reload(); return; }
      print = body.print;
      for (const [name, html] of Object.entries(body.parts)) page.querySelector(`[data-part="${name}"]`).innerHTML = html;
    } catch (trouble) {
      // Not reachable now; the next look may be luckier.
    }
  }

  window.setInterval(look, POLL);
})();
