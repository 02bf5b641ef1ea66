// Looks at a page as it stands in the window and says what a person would complain of; [] is a page without fault.
() => {
  const MAY_SCROLL_SIDEWAYS = innerWidth < 768 ? ".dt-board, .mx-narrow" : ".dt-board, .dt-scroll"; // on a phone, tables stand as lists
  const LEAST_CONTRAST = 4.5;
  const faults = [];
  const fault = (what, element, words) => faults.push(`${what}: ${name(element)} "${(words ?? element.textContent).trim().replace(/\s+/g, " ").slice(0, 60)}"`);
  const name = (e) => e.tagName.toLowerCase() + (typeof e.className === "string" && e.className ? "." + e.className.trim().split(/\s+/).join(".") : "");
  const style = (() => { const known = new Map(); return (e) => { if (!known.has(e)) known.set(e, getComputedStyle(e)); return known.get(e); }; })();
  const above = function* (e) { for (let at = e; at; at = at.parentElement) yield at; };

  const unseen = (e) => !e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })
    || [...above(e)].some((a) => { const r = a.getBoundingClientRect(), s = style(a); return s.overflow !== "visible" && (r.width <= 1.5 || r.height <= 1.5) || s.clipPath === "inset(50%)"; });

  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const colours = new Map();
  const rgba = (colour) => {
    if (!colours.has(colour)) { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data; colours.set(colour, [r, g, b, a / 255]); }
    return colours.get(colour);
  };

  // ---- what there is to see: lines of text, and controls ----
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, e = node.parentElement;
    if (!node.data.trim() || /^(SCRIPT|STYLE|OPTION|OPTGROUP|TITLE)$/.test(e.tagName) || unseen(e)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((r) => r.width > 0.5 && r.height > 0.5);
    if (rects.length) texts.push({ e, words: node.data, rects });
  }
  const controls = [...document.querySelectorAll("button, a.btn, a.gc-b, summary, input:not([type=hidden]), select, textarea")].filter((e) => !unseen(e));

  // ---- the page and its edges ----
  const root = document.documentElement;
  if (Math.max(root.scrollWidth, document.body.scrollWidth) > innerWidth) faults.push(`the page scrolls sideways: ${root.scrollWidth} px in a window of ${innerWidth}`);
  const scrollsX = (e) => /auto|scroll/.test(style(e).overflowX);
  for (const e of document.querySelectorAll("body *"))
    if (scrollsX(e) && e.scrollWidth > e.clientWidth + 1 && !e.matches("input, textarea, select") && !e.closest(MAY_SCROLL_SIDEWAYS) && !unseen(e)) fault("scrolls sideways", e);
  const cutEarlier = (e) => [...above(e)].some((a) => style(a).overflowX !== "visible" && style(a).display !== "inline" && a.getBoundingClientRect().right <= innerWidth + 1);
  for (const { e, words, rects } of texts) {
    if (e.closest(MAY_SCROLL_SIDEWAYS) || cutEarlier(e)) continue;
    if (rects.some((r) => r.right > innerWidth + 1 || r.left < -1)) fault("beyond the window's edge", e, words);
  }

  // ---- clipped ----
  const shortened = (e) => [...above(e)].some((a) => style(a).textOverflow === "ellipsis" && style(a).overflowX !== "visible");
  const clamped = (e) => [...above(e)].find((a) => Number(style(a).webkitLineClamp));
  for (const { e, words, rects } of texts) {
    for (const box of above(e)) {
      const s = style(box), b = box.getBoundingClientRect();
      if (s.display === "inline" || s.overflow === "visible") continue;
      const wide = rects.some((r) => r.right > b.right + 1.5 || r.left < b.left - 1.5);
      const high = rects.some((r) => r.bottom > b.bottom + r.height * 0.25 || r.top < b.top - r.height * 0.25);
      if (/hidden|clip/.test(s.overflowX) && wide && !shortened(e)) { fault("clipped sideways", box, words); break; }
      if (/hidden|clip/.test(s.overflowY) && high && !(clamped(e) && e.closest(".gc"))) { fault("clipped below", box, words); break; }
      if (/auto|scroll/.test(s.overflow)) break;
    }
    const sheet = [...above(e)].find((a) => style(a).display !== "inline" && (rgba(style(a).backgroundColor)[3] > 0 || parseFloat(style(a).borderRightWidth) > 0));
    if (sheet && !shortened(e) && rects.some((r) => r.right > sheet.getBoundingClientRect().right + 1.5 || r.left < sheet.getBoundingClientRect().left - 1.5)) fault("sticks out of its sheet", sheet, words);
    const s = style(e);
    if (e.clientWidth && e.clientWidth < 40 && e.clientHeight > 150 && s.writingMode === "horizontal-tb") fault("squeezed into a pole", e, words);
  }
  for (const e of controls) if (e.matches("select") && e.scrollWidth > e.clientWidth + 1) fault("clipped sideways", e, e.selectedOptions[0]?.text);

  // ---- overlapping ----
  const layer = (e) => [...above(e)].find((a) => { const s = style(a); return /fixed|sticky/.test(s.position) || s.position === "absolute" && s.zIndex !== "auto"; });
  const seenPart = (e, r) => {
    let [left, top, right, bottom] = [r.left, r.top, r.right, r.bottom];
    for (const box of above(e)) {
      if (style(box).overflow === "visible" || style(box).display === "inline") continue;
      const b = box.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, b.left), Math.max(top, b.top), Math.min(right, b.right), Math.min(bottom, b.bottom)];
    }
    return { left, top, right, bottom };
  };
  const pieces = [];
  for (const { e, words, rects } of texts)
    for (const r of rects) { const lean = r.height * 0.22; pieces.push({ e, words, ...seenPart(e, { left: r.left + 1, right: r.right - 1, top: r.top + lean, bottom: r.bottom - lean }) }); }
  for (const e of controls) { const r = e.getBoundingClientRect(); pieces.push({ e, control: true, words: e.getAttribute("aria-label") || e.textContent || e.name, ...seenPart(e, { left: r.left + 1.5, right: r.right - 1.5, top: r.top + 1.5, bottom: r.bottom - 1.5 }) }); }
  const real = pieces.filter((p) => p.right - p.left > 1 && p.bottom - p.top > 1).map((p) => ({ ...p, layer: layer(p.e) })).sort((a, b) => a.top - b.top);
  const told = new Set();
  real.forEach((a, at) => {
    for (let next = at + 1; next < real.length && real[next].top < a.bottom; next++) {
      const b = real[next];
      if (a.layer !== b.layer || Math.min(a.right, b.right) - Math.max(a.left, b.left) < 1) continue;
      if (a.e === b.e || a.control && a.e.contains(b.e) || b.control && b.e.contains(a.e)) continue;
      const both = `${a.words}|${b.words}`;
      if (!told.has(both)) { told.add(both); fault(`overlaps "${b.words.trim().slice(0, 40)}"`, a.e, a.words); }
    }
  });

  // ---- what a bar at the window's foot hides for good ----
  const bars = [...document.querySelectorAll("body *")].filter((e) => style(e).position === "fixed" && !unseen(e) && Math.abs(e.getBoundingClientRect().bottom - innerHeight) < 2);
  if (bars.length) {
    const before = scrollY;
    scrollTo(0, root.scrollHeight);
    for (const bar of bars) {
      const edge = bar.getBoundingClientRect().top;
      for (const { e, words } of texts) if (!bar.contains(e) && !layer(e) && e.getBoundingClientRect().bottom > edge + 2) fault("hidden under the bar", e, words);
    }
    scrollTo(0, before);
  }

  // ---- contrast ----
  const over = (top, ground) => [0, 1, 2].map((at) => top[at] * top[3] + ground[at] * (1 - top[3])).concat(1);
  const grounds = (e) => { // more than one where a gradient lies behind: the worst counts
    let found = [[255, 255, 255, 1]];
    for (const at of [...above(e)].reverse()) {
      const s = style(at), plain = rgba(s.backgroundColor);
      if (plain[3] > 0) found = found.map((ground) => over(plain, ground));
      const stops = s.backgroundImage.includes("gradient") ? s.backgroundImage.match(/(rgba?|oklch|oklab|color)\([^)]+\)/g) ?? [] : [];
      const painted = stops.map(rgba).filter((stop) => stop[3] > 0.5);
      if (painted.length) found = found.flatMap((ground) => painted.map((stop) => over(stop, ground)));
    }
    return found;
  };
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (a, b) => { const [more, less] = [light(a), light(b)].sort((x, y) => y - x); return (more + 0.05) / (less + 0.05); };
  const opacity = (e) => [...above(e)].reduce((all, a) => all * Number(style(a).opacity), 1);
  const measured = new Set();
  const legible = (e, colour, words) => {
    const ink = [...rgba(colour)];
    ink[3] *= opacity(e);
    const least = Math.min(...grounds(e).map((ground) => ratio(over(ink, ground), ground)));
    if (least < LEAST_CONTRAST) fault(`contrast ${least.toFixed(2)}`, e, words);
  };
  for (const { e, words } of texts) if (!measured.has(e)) { measured.add(e); legible(e, style(e).color, words); }
  for (const e of controls.filter((c) => c.matches("input:not([type=checkbox], [type=radio], [type=file]), textarea, select"))) {
    legible(e, style(e).color, e.value || e.name);
    if (e.placeholder && !e.value) legible(e, getComputedStyle(e, "::placeholder").color, e.placeholder);
  }
  return [...new Set(faults)];
}
