// The board's truth: a move is asked of the server, and what the server answers is drawn. Dragging and keys use this.
"use strict";
window.dealthread = window.dealthread || {};
(() => {
  const board = document.getElementById("board");
  if (!board) return;
  const words = JSON.parse(board.dataset.words);
  const says = document.getElementById("board-says");
  const movedLine = document.getElementById("moved");
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const POLL = 4000;
  let busy = 0;         // moves on their way
  let held = false;     // a card is in somebody's hand
  let print = board.dataset.print;

  const fill = (text, params) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? params[name] : whole));
  const say = (text) => { says.textContent = ""; window.requestAnimationFrame(() => { says.textContent = text; }); };
  const cards = () => [...board.querySelectorAll("[data-deal]")];
  const cardOf = (id) => board.querySelector(`[data-deal="${id}"]`);
  const stageOf = (card) => card.closest("[data-stage]");
  const stages = () => [...board.querySelectorAll("[data-stage]")];
  const linkOf = (card) => card.querySelector("a.co");

  function draw(answer, ours) {
    const before = new Map(cards().map((card) => [card.dataset.deal, stageOf(card).dataset.stage]));
    const focused = document.activeElement && document.activeElement.closest("[data-deal]");
    const focusedId = focused && focused.dataset.deal;
    const scroll = board.scrollLeft;
    board.innerHTML = answer.columns;
    board.scrollLeft = scroll;
    document.getElementById("totals").innerHTML = answer.totals;
    const nothing = document.getElementById("board-empty");
    if (nothing) nothing.hidden = cards().length > 0;
    print = answer.print;
    cards().forEach((card) => {
      const was = before.get(card.dataset.deal);
      if (card.dataset.deal !== ours && was !== stageOf(card).dataset.stage) card.classList.add("fresh");
    });
    if ("moved" in answer) showMoved(answer.moved);
    const again = focusedId && cardOf(focusedId);
    if (again) linkOf(again).focus({ preventScroll: true });
    board.dispatchEvent(new CustomEvent("drawn"));
  }

  function showMoved(html) {
    movedLine.innerHTML = html;
    movedLine.hidden = !html;
  }

  // In place of the line that was to be taken back: why it stays.
  function refuseLine(why) {
    const box = document.createElement("div");
    box.className = "dt-note is-lost py-2";
    const bold = document.createElement("b");
    bold.textContent = why.title;
    const text = document.createElement("span");
    text.append(bold, ` ${why.text}`);
    box.append(text);
    movedLine.replaceChildren(box);
    movedLine.hidden = false;
    say(`${why.title} ${why.text}`);
  }

  async function ask(address, body) {
    const answer = await fetch(address, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    return { ok: answer.ok, status: answer.status, body: await answer.json() };
  }

  // Resolves to true where the deal now stands in that stage.
  async function move(card, stageId) {
    const id = card.dataset.deal;
    const body = new URLSearchParams({ stage: stageId, seen: card.dataset.seen });
    busy += 1;
    try {
      const answer = await ask(board.dataset.move.replace("/0/", `/${id}/`), body);
      if (answer.body.columns) draw(answer.body, id);
      if (!answer.ok) refuse(cardOf(id), answer.body);
      else say(answer.body.say);
      return answer.ok;
    } catch (trouble) {
      refuse(cardOf(id), { title: words.offline, text: words.nothing_changed });
      return false;
    } finally {
      busy -= 1;
    }
  }

  function refuse(card, why) {
    if (!card) { say(`${why.title} ${why.text}`); return; }
    card.querySelectorAll(".why").forEach((old) => old.remove());
    card.classList.add("refused");
    if (why.html) {
      card.insertAdjacentHTML("beforeend", why.html);
    } else {
      const box = document.createElement("span");
      box.className = "why d-block position-relative z-2";
      box.setAttribute("role", "alert");
      const bold = document.createElement("b");
      bold.textContent = why.title;
      box.append(bold, ` ${why.text}`);
      card.append(box);
    }
    linkOf(card).focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  async function undo() {
    const form = movedLine.querySelector("form[data-undo]");
    if (!form) { say(words.nothing_to_undo); return; }
    busy += 1;
    try {
      const answer = await ask(form.action, new URLSearchParams(new FormData(form)));
      if (answer.body.columns) draw(answer.body);
      if (answer.ok) say(answer.body.say);
      else refuseLine(answer.body);
    } catch (trouble) {
      refuseLine({ title: words.offline, text: words.nothing_changed });
    } finally {
      busy -= 1;
    }
  }

  async function look() {
    if (busy || held || document.visibilityState !== "visible" || board.querySelector(".why")) return;
    try {
      const answer = await fetch(`${board.dataset.state}?known=${print}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401) { window.location.reload(); return; }
      if (answer.status !== 200) return;
      const body = await answer.json();
      if (!busy && !held) draw(body);
    } catch (trouble) {
      // Not reachable now; the next look may be luckier.
    }
  }

  board.addEventListener("click", (event) => {
    const leave = event.target.closest("[data-leave]");
    if (!leave) return;
    const card = leave.closest("[data-deal]");
    card.classList.remove("refused");
    leave.closest(".why").remove();
    linkOf(card).focus();
  });
  movedLine.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-undo]")) return;
    event.preventDefault();
    undo();
  });
  window.setInterval(look, POLL);

  window.dealthread.board = {
    board, words, fill, say, move, undo, cards, cardOf, stageOf, stages, linkOf,
    hold: (yes) => { held = yes; },
    isHeld: () => held,
  };
})();
