// A list that can be put in order: rows are dragged by their grip; the buttons beside them do the same without a script.
"use strict";
(() => {
  document.querySelectorAll("[data-sort]").forEach((list) => {
    const form = document.getElementById(list.dataset.sort);
    let row = null, began = "";
    const order = () => [...list.querySelectorAll("input[name=order]")].map((input) => input.value).join();
    list.classList.add("on");

    function over(y) {
      const others = [...list.children].filter((each) => each !== row);
      const next = others.find((each) => { const box = each.getBoundingClientRect(); return y < box.top + box.height / 2; });
      if (next !== row.nextElementSibling) list.insertBefore(row, next || null);
      if (y > window.innerHeight - 48) window.scrollBy(0, 16);
      if (y < 48) window.scrollBy(0, -16);
    }

    function drop(keep) {
      if (!row) return;
      row.classList.remove("lifted");
      row = null;
      if (keep && order() !== began) form.requestSubmit();
    }

    list.addEventListener("pointerdown", (event) => {
      const grip = event.target.closest("[data-grip]");
      if (!grip || event.button !== 0) return;
      row = grip.closest("li");
      began = order();
      row.classList.add("lifted");
      grip.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    list.addEventListener("pointermove", (event) => { if (row) over(event.clientY); });
    list.addEventListener("pointerup", () => drop(true));
    list.addEventListener("pointercancel", () => drop(false));
  });
})();
