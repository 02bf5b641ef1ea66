// The progress of a campaign: drawn anew whenever the server says that the truth moved, and only then.
"use strict";
(() => {
  const page = document.getElementById("progress");
  if (!page) return;
  const POLL = 2000;
  let print = page.dataset.print;

  function draw(body) {
    print = body.print;
    for (const [name, html] of Object.entries(body.parts)) {
      const part = page.querySelector(`[data-part="${name}"]`);
      if (part.innerHTML !== html && !part.contains(document.activeElement)) part.innerHTML = html;
    }
  }

  async function look() {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(`${page.dataset.state}?known=${print}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401) { window.location.reload(); return; }
      if (answer.status !== 200) return;
      const body = await answer.json();
      // Another state has other buttons: the page itself is asked for again.
      if (body.stage !== page.dataset.stage) { window.location.reload(); return; }
      draw(body);
    } catch (trouble) {
      // Not reachable now; the next look may be luckier.
    }
  }

  window.setInterval(look, POLL);
})();
