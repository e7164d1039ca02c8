// The menu of a row, a condition, a step or a group.

/** The menu behind "⋯": `items` are [key, label, act, {off, checked}] or a heading string. */
function menuButton(app, key, where, items) {
  const id = key + ":menu";
  const open = app.open?.id === id ? app.open : null;
  const acts = items.filter((item) => Array.isArray(item));
  const close = () => {
    app.focusNext = [id];
    app.setOpen(null);
  };
  const toggle = () => {
    if (open) return close();
    app.focusNext = acts.filter((item) => !item[3]?.off).map(([what]) => `${id}-${what}`).slice(0, 1);
    app.setOpen({ id, query: "", active: 0 });
  };
  const props = { class: "sb-pop sb-pop-menu", role: "menu", "aria-label": "More for " + where, onkeydown: (e) => menuKeys(e, close) };
  return [
    iconButton(id, "More for " + where, "more", toggle, { "aria-haspopup": "menu", "aria-expanded": String(Boolean(open)), "data-anchor": id }),
    open && popover(id, props, items.map((item) => menuLine(id, item, close))),
  ];
}

function menuKeys(e, close) {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" }[e.key];
  if (step && !e.altKey) {
    e.preventDefault();
    const all = [...e.currentTarget.querySelectorAll("[role^=menuitem]")];
    const at = all.indexOf(e.target);
    all[step === "first" ? 0 : step === "last" ? all.length - 1 : (at + step + all.length) % all.length]?.focus();
  } else if (e.key === "Escape" || e.key === "Tab") {
    if (e.key === "Escape") e.preventDefault();
    close();
  }
}

function menuLine(id, item, close) {
  if (!Array.isArray(item)) return h("div", { key: "h-" + item, class: "sb-list-title", role: "presentation" }, item);
  const [what, label, act, { off, checked } = {}] = item;
  const props = {
    key: what,
    "data-id": `${id}-${what}`,
    class: "sb-menu-item",
    role: checked === undefined ? "menuitem" : "menuitemcheckbox",
    "aria-checked": checked === undefined ? undefined : String(checked),
    "aria-disabled": off ? "true" : undefined,
    tabindex: "-1",
    onclick: () => {
      if (off) return;
      close();
      act();
    },
  };
  return h("button", props, h("span", { class: "sb-tick" }, checked && icon("check")), label);
}
