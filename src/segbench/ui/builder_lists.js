// Lists that open above the page.

/** Arrow keys, Home-like jumps and Escape in a list whose input keeps the focus. */
function listKeys(app, e, length, id) {
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[e.key];
  if (step && !e.altKey) {
    e.preventDefault();
    const now = app.open ?? { id, query: "", active: -1 };
    const last = Math.max(0, length - 1);
    const next = now.active < 0 ? (step > 0 ? 0 : last) : now.active + step;
    const wrapped = Math.abs(step) === 1 ? (next < 0 ? last : next > last ? 0 : next) : Math.min(last, Math.max(0, next));
    app.setOpen({ ...now, active: wrapped });
  } else if (e.key === "Escape" && app.open) {
    e.preventDefault();
    app.setOpen(null);
  }
}

function optionRow(id, active, selected, act, kids) {
  const keepFocus = (e) => e.preventDefault();
  return h("div", { key: id, id, role: "option", class: active ? "sb-option sb-active" : "sb-option", "aria-selected": String(Boolean(selected)), onpointerdown: keepFocus, onmousedown: keepFocus, onclick: act }, kids);
}

/** A panel in the browser's top layer, so that no notebook output area cuts it off. */
function popover(anchor, props, ...kids) {
  return h("div", { key: "pop-" + anchor, popover: "manual", "data-for": anchor, ...props }, kids);
}

function placePopover(app) {
  const pop = app.box.querySelector("[popover]");
  if (!pop || !app.open) return;
  const anchor = app.box.querySelector(`[data-anchor="${CSS.escape(app.open.id)}"]`);
  if (!pop.matches(":popover-open")) pop.showPopover();
  const at = anchor.getBoundingClientRect();
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const below = height - at.bottom - 12;
  const above = at.top - 12;
  const up = below < Math.min(320, pop.scrollHeight) && above > below;
  pop.style.maxHeight = Math.max(120, Math.min(420, up ? above : below)) + "px";
  if (pop.classList.contains("sb-pop-list")) pop.style.minWidth = Math.min(at.width, width - 16) + "px";
  const box = pop.getBoundingClientRect();
  const right = pop.classList.contains("sb-pop-menu");
  const left = right ? at.right - box.width : at.left;
  pop.style.left = Math.max(8, Math.min(left, width - box.width - 8)) + "px";
  pop.style.top = (up ? at.top - box.height - 4 : at.bottom + 4) + "px";
  pop.querySelector(".sb-active")?.scrollIntoView({ block: "nearest" });
}
