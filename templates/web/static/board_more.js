// The rest of a column while one scrolls, and a form at its foot for a new card.
"use strict";
(() => {
  const it = window.dealthread.board;
  if (!it) return;
  const { board, words } = it;
  const loading = new Map();  // column -> promise

  async function load(foot) {
    const column = it.stageOf(foot);
    const query = new URLSearchParams({ at: board.dataset.at, column: column.dataset.column, after: foot.dataset.more });
    foot.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${board.dataset.moreUrl}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || !foot.isConnected) return;
      const body = await answer.json();
      const had = new Set([...column.querySelectorAll("[data-deal]")].map((card) => card.dataset.deal));
      const box = document.createElement("template");
      box.innerHTML = body.html;
      box.content.querySelectorAll("[data-deal]").forEach((card) => { if (had.has(card.dataset.deal)) card.remove(); });
      column.querySelector(".dt-deals").append(box.content);
      // What was drawn by scrolling is not what the server last drew: it is to send this column whole.
      column.dataset.print = "";
      if (body.after) foot.dataset.more = body.after;
      else foot.remove();
      it.say(body.say);
      board.dispatchEvent(new CustomEvent("drawn"));
    } catch (trouble) {
      // The link below the cards still leads to all of them.
    } finally {
      foot.removeAttribute("aria-busy");
    }
  }

  it.more = (column) => {
    const foot = column.querySelector("[data-more]");
    if (!foot) return Promise.resolve();
    if (!loading.has(foot)) loading.set(foot, load(foot).finally(() => loading.delete(foot)));
    return loading.get(foot);
  };

  const watcher = new IntersectionObserver((seen) => {
    seen.forEach((one) => { if (one.isIntersecting && !it.isHeld()) it.more(it.stageOf(one.target)); });
  }, { rootMargin: "600px 200px" });
  function watch() {
    watcher.disconnect();
    board.querySelectorAll("[data-more]").forEach((foot) => watcher.observe(foot));
  }
  watch();
  board.addEventListener("drawn", watch);

  // ---- a new card ----
  let adding = null;  // {column key, title and company typed}

  function open(column) {
    close();
    const foot = column.querySelector(".dt-addhere");
    if (!foot) return;
    const form = document.getElementById("add-form").content.firstElementChild.cloneNode(true);
    foot.classList.add("open");
    foot.after(form);
    adding = { form, column: column.dataset.column };
    it.hold(true, "add");
    form.elements.title.focus();
    form.scrollIntoView({ block: "nearest", inline: "nearest" });
    it.say(it.fill(words.added_to, { name: column.dataset.name }));
    form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      const back = it.stages().find((one) => one.dataset.column === adding.column);
      close();
      const button = back && back.querySelector("[data-add]");
      if (button) button.focus();
    });
    form.querySelector("[data-close]").addEventListener("click", close);
  }

  function close() {
    if (!adding) return;
    adding.form.remove();
    board.querySelectorAll(".dt-addhere.open").forEach((foot) => foot.classList.remove("open"));
    adding = null;
    it.hold(false, "add");
  }

  async function save() {
    const { form, column } = adding;
    const company = form.elements.company.value;
    const params = { column, title: form.elements.title.value, company };
    const answer = await it.act(board.dataset.addUrl, params);
    if (!answer || !answer.ok) {
      const said = form.querySelector(".dt-err");
      if (answer) said.textContent = [answer.body.title, answer.body.text].filter(Boolean).join(" ");
      if (answer && answer.body.way) {
        const way = document.createElement("a");
        way.href = answer.body.way.url;
        way.textContent = answer.body.way.words;
        said.append(" ", way);
      }
      said.hidden = !answer;
      return;
    }
    const again = it.stages().find((one) => one.dataset.column === column);
    adding = null;
    if (again) open(again);
  }

  board.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add]");
    if (button) open(it.stageOf(button));
  });
  it.addTo = open;
})();
