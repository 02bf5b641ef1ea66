// An act on many that goes on in the background: asked after until it is done, then what came of it is drawn.
"use strict";
(() => {
  const it = window.dealthread.board;
  if (!it) return;
  const { board } = it;
  const EVERY = 2000;
  const line = document.getElementById("moved");
  const toast = () => line.querySelector("[data-under-way]");
  let timer = null;

  async function ask(number) {
    const query = new URLSearchParams(it.known());
    const answer = await fetch(`${board.dataset.many}/${number}?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || it.isHeld() || !toast()) return;
    const body = await answer.json();
    const before = line.textContent;
    const goesOn = body.moved.includes("data-under-way");
    if (!goesOn) { it.draw(body); it.say(body.say); return; }
    if (it.isTable) { if (made(body.moved) !== before) it.showMoved(body.moved); } else it.draw(body);
  }

  function made(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content.textContent;
  }

  function watch() {
    if (timer || !toast()) return;
    timer = window.setTimeout(async () => {
      const now = toast();
      try {
        if (now && !it.isHeld() && document.visibilityState === "visible") await ask(now.dataset.underWay);
      } catch (trouble) {
        // Not reachable now; the next look may be luckier.
      }
      timer = null;
      watch();
    }, EVERY);
  }

  new MutationObserver(watch).observe(line, { childList: true, subtree: true });
  watch();
})();
