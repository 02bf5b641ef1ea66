// The sheet that tells how far one's own mail is loaded asks once a second, and goes when all is there.
"use strict";
(() => {
  const sheet = document.querySelector("[data-loading]");
  if (!sheet) return;
  const part = (name) => sheet.querySelector(name);

  const ask = async () => {
    const answer = await fetch(sheet.dataset.loading);
    if (!answer.ok) return false;
    const now = await answer.json();
    part("[data-loading-say]").textContent = now.say;
    part("[data-loading-broken]").hidden = !now.broken;
    const bar = part("progress");
    if (bar) bar.value = now.done;
    if (!now.finished && !now.stopped) return false;
    bar?.remove();
    part("[data-loading-end]").textContent = now.say;
    if (now.finished && !now.broken) setTimeout(() => sheet.remove(), 8000);
    return true;
  };

  const next = () => setTimeout(async () => {
    let over = false;
    if (!document.hidden) { try { over = await ask(); } catch { /* the sandbox was stopped; the next question will tell */ } }
    if (!over) next();
  }, 1000);
  next();
})();
