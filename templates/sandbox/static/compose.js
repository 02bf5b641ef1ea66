// The compose window with scripts: it is kept as a draft while one writes, files join at once, addresses are completed.
"use strict";
(() => {
  const form = document.querySelector("#compose");
  if (!form) return;
  const fields = form.elements, saved = form.querySelector("[data-saved]"), list = form.querySelector("[data-files]");
  const wrong = document.querySelector("[data-wrong]"), files = form.querySelector("input[type=file]");
  const PAUSE = 900;
  let timer = 0, running = null, changed = false, leaving = false;

  const complain = (words) => { wrong.hidden = !words; wrong.querySelector("p").textContent = words; };
  const size = (bytes) => (bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  const show = (kept) => {
    const form = document.querySelector("template[data-file]");
    list.replaceChildren(...kept.map(({ value, name, size: weight }) => {
      const row = form.content.cloneNode(true).firstElementChild;
      row.querySelector("[data-name]").textContent = name;
      row.querySelector("[data-size]").textContent = weight;
      row.querySelector("input").value = value;
      const drop = row.querySelector("button");
      drop.value = `drop:${value}`;
      drop.setAttribute("aria-label", list.closest("form").dataset.drop.replace("{name}", name));
      return row;
    }));
  };

  const once = async () => {
    clearTimeout(timer);
    changed = false;
    saved.textContent = form.dataset.saving;
    const data = new FormData(form), sent = [...(files?.files ?? [])];
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      const told = await answer.json();
      if (!answer.ok) {
        if (told.gone) { fields.draft.value = ""; show([]); }
        if (sent.length) files.value = "";
        saved.textContent = form.dataset.unsaved;
        complain(told.said);
        return;
      }
      fields.draft.value = told.draft;
      if (sent.length && files.files.length === sent.length) files.value = "";
      show(told.files);
      saved.textContent = changed ? form.dataset.unsaved : told.said;
      complain("");
      if (told.draft) {
        const at = new URL(form.dataset.at, location.href);
        at.searchParams.set("draft", told.draft);
        history.replaceState(null, "", at);
      }
    } catch { changed = true; saved.textContent = form.dataset.unsaved; }
  };
  // One save at a time: a second draft would stay behind.
  const save = async () => {
    while (running) await running;
    running = once().finally(() => { running = null; });
    await running;
  };
  const soon = () => { changed = true; saved.textContent = ""; clearTimeout(timer); timer = setTimeout(save, PAUSE); };

  form.addEventListener("input", (event) => { if (event.target !== files) soon(); });
  form.addEventListener("change", (event) => { if (event.target.matches("select")) soon(); });

  const total = (more) => [...more].reduce((all, file) => all + file.size, 0);
  const join = () => {
    const weight = total(files.files);
    if (weight > Number(form.dataset.most)) { complain(form.dataset.large.replace("{size}", size(weight))); files.value = ""; return; }
    if (files.files.length) save();
  };
  files?.addEventListener("change", join);
  for (const kind of ["dragover", "dragleave", "drop"]) form.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("is-dropped", kind === "dragover");
    if (kind === "drop") { files.files = event.dataTransfer.files; join(); }
  });

  form.addEventListener("click", async (event) => {
    const drop = event.target.closest('button[value^="drop:"]');
    if (!drop) return;
    event.preventDefault();
    drop.closest("li").remove();
    await save();
    (list.querySelector("button") ?? fields.body).focus();
  });

  // Sending and discarding wait for a save that is under way, so that they mean the draft that it makes.
  form.addEventListener("submit", async (event) => {
    leaving = true;
    clearTimeout(timer);
    if (!running) return;
    event.preventDefault();
    await running;
    form.requestSubmit(event.submitter);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(document.activeElement)) { event.preventDefault(); form.requestSubmit(form.querySelector('button[value="send"]')); }
  });
  window.addEventListener("pagehide", () => {
    if (leaving || !changed) return;
    const data = new FormData(form);
    data.delete("files");
    navigator.sendBeacon(form.dataset.save, data);
  });

  // After a comma the next address is suggested, too.
  const people = [...form.querySelectorAll("#contacts option")].map((option) => option.value);
  const suggest = (field) => {
    const before = field.value.includes(",") ? field.value.slice(0, field.value.lastIndexOf(",") + 1) + " " : "";
    field.list.replaceChildren(...people.filter((person) => !before.includes(person)).map((person) => Object.assign(document.createElement("option"), { value: before + person })));
  };
  for (const field of form.querySelectorAll("input[data-people]")) for (const kind of ["focus", "input"]) field.addEventListener(kind, () => suggest(field));

  // Above the quoted mail; whoever was quicker than this script and types already goes on where they are.
  if (document.activeElement === fields.body && fields.body.value === fields.body.defaultValue) { fields.body.setSelectionRange(0, 0); fields.body.scrollTop = 0; }
})();
