// Names of people and companies appear under a control while it is typed into; without this one types them whole.
"use strict";
(() => {
  const rooms = { people: "/suggest/person", companies: "/suggest/company" };
  let asked = 0;
  const fill = async (input) => {
    const room = rooms[input.getAttribute("list")];
    const list = input.list;
    if (!room || !list) return;
    const mine = ++asked;
    let found;
    try {
      const answer = await fetch(`${room}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      found = await answer.json();
    } catch { return; }
    if (mine !== asked) return;
    list.replaceChildren(...found.map((one) => {
      const option = document.createElement("option");
      option.value = one.value;
      if (one.label) option.label = `${one.label} · ${one.value}`;
      return option;
    }));
  };
  let wait;
  document.addEventListener("input", (event) => {
    if (!event.target.matches("input[list]")) return;
    clearTimeout(wait);
    wait = setTimeout(() => fill(event.target), 120);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input[list]") && event.target.list && !event.target.list.options.length) fill(event.target);
  });
})();
