// The next person's mail, put in place without loading the whole page.
"use strict";
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-preview]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const label = link.getAttribute("aria-label");
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("mail").innerHTML = page.getElementById("mail").innerHTML;
    window.history.replaceState(null, "", link.href);
    const again = [...document.querySelectorAll("a[data-preview]")];
    (again.find((other) => other.getAttribute("aria-label") === label) || again[0])?.focus();
  } catch (trouble) {
    window.location.assign(link.href);
  }
});
