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
