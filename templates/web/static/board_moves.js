// The board's truth: an act is asked of the server, and what the server answers is drawn. All other parts use this.
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
  const COLUMNS_TOLD = 60;
  const isTable = !board.dataset.state;
  const holds = new Set();  // a card in somebody's hand, an open menu, a form
  let busy = 0;             // acts on their way
  let print = board.dataset.print;

  const fill = (text, params) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? params[name] : whole));
  const say = (text) => { says.textContent = ""; window.requestAnimationFrame(() => { says.textContent = text; }); };
  const cards = () => [...board.querySelectorAll("[data-deal]")];
  const cardOf = (id) => board.querySelector(`[data-deal="${id}"]`);
  const stageOf = (card) => card.closest("[data-column]");
  const stages = () => [...board.querySelectorAll("[data-column]")];
  const linkOf = (card) => card.querySelector("a.co, th a");

  // What the board has already, so that the server sends only what differs.
  function known(without = []) {
    const all = stages();
    const prints = all.length > COLUMNS_TOLD ? [] : all.filter((one) => !without.includes(one)).map((one) => one.dataset.print);
    const shown = all.filter((one) => one.querySelectorAll("[data-deal]").length > 50)
      .map((one) => `${encodeURIComponent(one.dataset.column) || "~"}:${one.querySelectorAll("[data-deal]").length}`);
    return { at: board.dataset.at, prints: prints.join(","), shown: shown.join(",") };
  }

  function made(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content.firstElementChild;
  }

  function place(parts) {
    parts.forEach((part, index) => {
      let section = document.getElementById(part.id);
      if (part.html !== undefined) {
        const fresh = made(part.html);
        if (section) section.replaceWith(fresh);
        section = fresh;
      }
      if (section && board.children[index] !== section) board.insertBefore(section, board.children[index] || null);
    });
    while (board.children.length > parts.length) board.lastElementChild.remove();
  }

  // Why cards were refused, to be said on while the rest of the board goes on.
  function notes(except) {
    return cards().filter((card) => card.dataset.deal !== except && card.querySelector(".why"))
      .map((card) => ({ id: card.dataset.deal, column: stageOf(card).dataset.column, why: card.querySelector(".why"), focused: document.activeElement }));
  }

  // A card that went elsewhere meanwhile has no more to explain.
  function keep(noted) {
    noted.forEach(({ id, column, why, focused }) => {
      const card = cardOf(id);
      if (!card || stageOf(card).dataset.column !== column) return;
      card.classList.add("refused");
      if (card.contains(why)) return;
      why.removeAttribute("role");  // it was heard
      card.append(why);
      if (why.contains(focused)) focused.focus({ preventScroll: true });
    });
  }

  function draw(answer, ours) {
    if (answer.reload) { showAgain(answer.done); return; }
    const noted = notes(ours);
    const before = new Map(cards().map((card) => [card.dataset.deal, stageOf(card).dataset.column]));
    const focused = document.activeElement && document.activeElement.closest("#board [data-deal]");
    const focusedId = focused && focused.dataset.deal;
    const scroll = board.scrollLeft;
    place(answer.columns);
    keep(noted);
    board.scrollLeft = scroll;
    document.getElementById("totals").innerHTML = answer.totals;
    const left = document.getElementById("left-out");
    left.textContent = answer.left_out;
    left.hidden = !answer.left_out;
    const nothing = document.getElementById("board-empty");
    if (nothing) nothing.hidden = !answer.empty;
    const noHits = document.getElementById("no-hits");
    if (noHits) noHits.hidden = !answer.empty;
    print = answer.print;
    cards().forEach((card) => {
      const was = before.get(card.dataset.deal);
      if (card.dataset.deal !== ours && was !== stageOf(card).dataset.column) card.classList.add("fresh");
    });
    if ("moved" in answer) showMoved(answer.moved);
    const again = focusedId && cardOf(focusedId);
    if (again && !again.contains(document.activeElement)) linkOf(again).focus({ preventScroll: true });
    board.dispatchEvent(new CustomEvent("drawn"));
  }

  // A table is drawn by the server, with the line of what was done.
  function showAgain(done) {
    if (window.dealthread.board.again) { window.dealthread.board.again(done); return; }
    const here = new URL(window.location.href);
    if (done) here.searchParams.set("done", done);
    here.hash = "";
    window.location.assign(here);
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
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    return { ok: answer.ok, status: answer.status, body: isJson ? await answer.json() : { html: await answer.text() } };
  }

  // Why a deal is lost; null where it goes back.
  function askReason(name) {
    const dialog = document.getElementById("reason");
    const title = dialog.querySelector("h3");
    const text = dialog.querySelector("#reason-text");
    const chips = dialog.querySelector("#reason-chips");
    title.textContent = fill(title.dataset.says, { name });
    text.value = "";
    chips.replaceChildren();
    fetch(`${board.dataset.reasons}?${new URLSearchParams({ at: board.dataset.at })}`, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((found) => found.forEach((reason) => {
        const chip = document.createElement("button");
        chip.type = "button";
        chip.className = "dt-chip";
        chip.textContent = reason;
        chip.addEventListener("click", () => { text.value = reason; text.focus(); });
        chips.append(chip);
      })).catch(() => {});
    hold(true, "reason");
    dialog.returnValue = "";
    dialog.showModal();
    text.focus();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        hold(false, "reason");
        resolve(dialog.returnValue === "lost" ? text.value.trim() : null);
      }, { once: true });
    });
  }
  const dialog = document.getElementById("reason");
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close(""));

  // Resolves to true where the card now stands in that column.
  async function move(card, column) {
    const id = card.dataset.deal;
    const target = stages().find((one) => one.dataset.column === column);
    const home = stages().find((one) => one.dataset.column === (card.dataset.home ?? stageOf(card).dataset.column));
    let reason = null;
    if (target && target.dataset.kind === "lost") {
      reason = await askReason(card.dataset.name);
      if (reason === null) { say(fill(words.put_back, { name: card.dataset.name })); return false; }
    }
    const body = new URLSearchParams({
      ...known([home, target]), card: id, column, left: home ? home.dataset.column : "", seen: card.dataset.seen,
    });
    if (reason !== null) body.set("lost_reason", reason);
    busy += 1;
    try {
      const answer = await ask(board.dataset.drop, body);
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
    if (!card) { refuseLine(why); return; }
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

  // Any other act that the server answers with the board: resolves to its answer, or null.
  async function act(address, params) {
    busy += 1;
    try {
      const body = params instanceof FormData ? new URLSearchParams(params) : new URLSearchParams(params);
      Object.entries(known()).forEach(([name, value]) => body.set(name, value));
      const answer = await ask(address, body);
      if (answer.ok) { draw(answer.body); if (answer.body.say) say(answer.body.say); }
      return answer;
    } catch (trouble) {
      refuseLine({ title: words.offline, text: words.nothing_changed });
      return null;
    } finally {
      busy -= 1;
    }
  }

  async function undo() {
    const form = movedLine.querySelector("form[data-undo]");
    if (!form) { say(words.nothing_to_undo); return; }
    const answer = await act(form.action, new FormData(form));
    if (answer && !answer.ok) refuseLine(answer.body);
  }

  async function look() {
    const away = document.visibilityState !== "visible";
    if (isTable || busy || holds.size || away) return;
    try {
      const query = new URLSearchParams({ ...known(), known: print });
      const answer = await fetch(`${board.dataset.state.split("?")[0]}?${query}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401) { window.location.reload(); return; }
      if (answer.status !== 200) return;
      const body = await answer.json();
      if (!busy && !holds.size) draw(body);
    } catch (trouble) {
      // Not reachable now; the next look may be luckier.
    }
  }

  function hold(yes, why = "hand") {
    if (yes) holds.add(why); else holds.delete(why);
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
  if (isTable) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
      if (event.key === "z" || event.key === "Z") { event.preventDefault(); undo(); }
    });
  }
  window.setInterval(look, POLL);

  window.dealthread.board = {
    board, words, isTable, fill, say, move, act, undo, draw, refuseLine, askReason, known, showMoved, cards, cardOf, stageOf, stages, linkOf, hold,
    isHeld: () => holds.size > 0,
  };
})();
