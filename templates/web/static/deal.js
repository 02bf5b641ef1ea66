// The deal's page: Z takes back what was just done, a pencil opens its form in its place, Lost asks why in a dialog.
"use strict";
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key !== "z" && event.key !== "Z") return;
    const form = document.querySelector(".dt-moved form[data-undo]");
    if (form) form.requestSubmit();
  });

  const close = (place) => {
    const form = place.querySelector(".dt-fact-form");
    if (!form) return;
    const opener = form.opener;
    form.remove();
    place.classList.remove("open");
    opener.focus();
  };

  const open = async (link) => {
    const place = link.closest("[data-fact]");
    if (place.classList.contains("open")) return;
    const url = new URL(link.href);
    url.searchParams.set("part", "1");
    let answer;
    try { answer = await fetch(url, { headers: { Accept: "text/html" } }); } catch { location.assign(link.href); return; }
    if (!answer.ok || answer.redirected) { location.assign(link.href); return; }
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    const form = box.content.querySelector("form");
    form.opener = link;
    place.append(form);
    place.classList.add("open");
    form.querySelector(".form-control, .form-select, .form-check-input").focus();
    document.dispatchEvent(new CustomEvent("dt:form", { detail: form }));
  };

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const edit = event.target.closest("[data-edit]");
    if (edit) { event.preventDefault(); open(edit); return; }
    const cancel = event.target.closest("[data-fact] [data-cancel]");
    if (cancel) { event.preventDefault(); close(cancel.closest("[data-fact]")); return; }
    const asks = event.target.closest("[data-dialog]");
    const dialog = asks && document.getElementById(asks.dataset.dialog);
    if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); dialog.querySelector("input[name=lost_reason]").focus(); return; }
    const reason = event.target.closest("[data-reason]");
    if (reason) { const input = reason.closest("dialog").querySelector("input[name=lost_reason]"); input.value = reason.textContent; input.focus(); return; }
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });

  document.addEventListener("keydown", (event) => {
    const place = event.key === "Escape" && event.target.closest("[data-fact].open");
    if (place) { event.preventDefault(); close(place); }
  });
})();
