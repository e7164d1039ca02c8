// Choosing rows beside one another, to put them in a group together.

function handleView(app, view, where) {
  const id = view.key + ":handle";
  const picked = app.picked.has(view.key);
  return h(
    "button",
    {
      key: id,
      "data-id": id,
      class: "sb-handle",
      "aria-pressed": String(picked),
      "aria-label": "Select or drag, " + where,
      title: "Drag to move, with Alt to copy. Click to select, with Shift for all up to here",
      onpointerdown: (e) => startDrag(app, view, e),
      onclick: (e) => pick(app, view, e.shiftKey),
    },
    icon(picked ? "check" : "grip"),
  );
}

/** Turns the choice of a row round; with `extend`, takes in all from the last chosen one to it. */
function pick(app, view, extend) {
  const { kids } = view.parent;
  const beside = [...app.picked].every((key) => kids.some((kid) => kid.key === key));
  if (!beside) app.picked.clear();
  const from = extend && beside ? kids.findIndex((kid) => kid.key === app.pickedLast) : -1;
  if (from >= 0) {
    const [first, last] = [from, view.path.at(-1)].sort((a, b) => a - b);
    for (const kid of kids.slice(first, last + 1)) if (!lockOf(app, kid)) app.picked.add(kid.key);
  } else if (!app.picked.delete(view.key)) app.picked.add(view.key);
  app.pickedLast = view.key;
  say(app, app.picked.size ? `${plural(app.picked.size, "filter")} selected` : "Nothing selected");
  draw(app);
}

function dropPicks(app) {
  app.picked.clear();
  draw(app);
}

/** Chosen rows that are gone, or no longer beside the others, are not chosen any more. */
function keepPicks(app) {
  let around = null;
  for (const key of [...app.picked]) {
    const view = viewOf(app, key);
    around ??= view?.parent;
    if (!view?.parent || view.parent !== around || lockOf(app, view)) app.picked.delete(key);
  }
}

function pickedViews(app) {
  const views = [...app.picked].map((key) => viewOf(app, key));
  return views.sort((a, b) => a.path.at(-1) - b.path.at(-1));
}

/** What can be done with the chosen rows; it stays in sight below. */
function pickedView(app) {
  if (!app.picked.size) return null;
  const views = pickedViews(app);
  const { many, deep } = limitsOf(app, views[0].parent);
  const tallest = Math.max(...views.map(heightOf));
  const { deepest = 32 } = app.catalog.limits || {};
  const why = deep || many || (views[0].path.length + 1 + tallest > deepest ? `Groups nest at most ${deepest} deep` : "");
  const act = () => why || gather(app, views);
  const group = { class: "sb-button sb-primary", "aria-disabled": why ? "true" : undefined, title: why || undefined, onclick: act };
  return h(
    "div",
    { key: "picked", class: "sb-picked", role: "group", "aria-label": "Selected filters" },
    h("span", { key: "count", class: "sb-picked-count" }, `${plural(views.length, "filter")} selected`),
    h("button", { key: "gather", "data-id": "gather", ...group }, icon("group"), "Group selected"),
    h("button", { key: "unpick", "data-id": "unpick", class: "sb-button", onclick: () => dropPicks(app) }, "Select none"),
  );
}

/** Whether the node fits into a group of its own. */
function canWrap(app, view) {
  const { deepest = 32 } = app.catalog.limits || {};
  return view.path.length + 1 + heightOf(view) <= deepest && !limitsOf(app, view.parent).many;
}

/** Whether the node and the one after it can be put in a group together. */
function canPair(app, view) {
  const next = view.parent?.kids[view.path.at(-1) + 1];
  const { deepest = 32 } = app.catalog.limits || {};
  const fits = next && view.path.length + 1 + Math.max(heightOf(view), heightOf(next)) <= deepest;
  return Boolean(fits && !lockOf(app, next) && !limitsOf(app, view.parent).many);
}

/** Puts members of one group in a new group, where the first of them is. */
function gather(app, views) {
  const { key } = views[0].parent;
  const at = views[0].path.at(-1);
  const keys = views.map((view) => view.key);
  flush(app);
  app.refused = "";
  app.picked.clear();
  send(app, () => {
    const around = viewOf(app, key);
    const rows = around?.kids.flatMap((kid, index) => (keys.includes(kid.key) ? [index] : []));
    if (!rows?.length) return null;
    app.afterShape = () => {
      const made = viewOf(app, key)?.kids[at];
      if (!made) return;
      app.focusNext = [handleOf(app, made)];
      say(app, `${plural(rows.length, "filter")} in group ${placeOf(made)}`);
    };
    return { edit: "gather", path: around.path, rows };
  });
  draw(app);
}

/** How many groups lie inside one another in the node, itself counted. */
function heightOf(view) {
  return view.node.kind === "group" ? 1 + Math.max(0, ...view.kids.map(heightOf)) : 0;
}
