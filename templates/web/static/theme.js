// Nobody is signed in yet, so there is no choice to follow but the system's.
"use strict";
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  if (root.dataset.theme === "system") {
    follow();
    dark.addEventListener("change", follow);
  }
})();
