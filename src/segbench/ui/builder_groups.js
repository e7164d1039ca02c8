// Groups: their head, their members and what adds to them.

function groupView(app, view) {
  const node = nodeOf(app, view);
  const isRoot = !view.parent;
  const place = placeOf(view);
  const where = isRoot ? "the segment" : "group " + place;
  const or = node.combinator === "or";
  const folded = !isRoot && app.collapsed.has(view.key);
  const classes = ["sb-group", isRoot && "sb-root", or ? "sb-is-or" : "sb-is-and", node.enabled === false && "sb-off", node.negated && "sb-negated", lockOf(app, view) && "sb-locked", app.picked.has(view.key) && "sb-picked-node", app.shown === view.key && "sb-shown"];
  const foot = isRoot && !view.kids.length ? emptyView(app, view) : footView(app, view, where);
  const body = [membersView(app, view, or), underLock(app, view, foot)];
  return h(
    "div",
    { key: view.key, class: classes.filter(Boolean).join(" "), role: "group", "aria-label": isRoot ? "Segment" : "Group " + place, "data-node": view.key },
    memo(app, view.key + ":head", factsOf(app, view, node), () => underLock(app, view, groupHead(app, view, node, where, folded))),
    underLock(app, view, noteLine(noteContext(app, view, node, where))),
    issuesView(app, view),
    !folded && h("div", { key: "body", class: "sb-body" }, body),
  );
}

function groupHead(app, view, node, where, folded) {
  const isRoot = !view.parent;
  const rows = view.kids.length;
  const fold = () => {
    if (!app.collapsed.delete(view.key)) app.collapsed.add(view.key);
    draw(app);
  };
  return h(
    "div",
    { key: "head", class: "sb-group-head" },
    !isRoot && handleView(app, view, where),
    !isRoot && iconButton(view.key + ":collapse", `${folded ? "Expand" : "Collapse"} ${where}`, folded ? "right" : "down", fold, { "aria-expanded": String(!folded), "data-free": true }),
    h("span", { key: "title", class: "sb-group-title" }, isRoot ? (node.negated ? "Contacts who do" : "Contacts who match") : "Group " + placeOf(view)),
    notMark(node),
    isRoot && node.negated && h("span", { key: "title-end", class: "sb-group-title" }, "match"),
    (!isRoot || rows > 0) && combinatorView(app, view, node, where),
    folded && h("span", { key: "rows", class: "sb-word" }, plural(rows, "filter")),
    h(
      "div",
      { key: "side", class: "sb-side" },
      !isRoot && numbersView(app, view, node),
      h(
        "span",
        { key: "acts", class: "sb-acts" },
        (!isRoot || rows > 0 || node.negated) && notButton(view.key, where, node.negated, () => flip(app, view, "negate")),
        !isRoot && switchView(app, view, node, where),
        !isRoot && stepButtons(app, view, where),
        (!isRoot || rows > 0 || node.locked) && lockButton(app, view, node, where),
        !isRoot && deleteButton(app, view, where),
        (!isRoot || rows > 0 || node.note) && menuButton(app, view.key, where, groupItems(app, view, node, where)),
      ),
    ),
  );
}

function combinatorView(app, view, node, where) {
  const current = node.combinator === "or" ? "or" : "and";
  const pick = (value) => change(app, view.key, toggled(nodeOf(app, view), "combinator", value, "and"), "combine", { combinator: value });
  const side = (value, word, help) => {
    const id = `${view.key}:${value}`;
    const input = h("input", { key: id, "data-id": id, type: "radio", name: `${app.uid}-${view.key}`, value, checked: current === value, "aria-label": `${word}, ${where}`, onchange: () => pick(value) });
    return h("label", { key: value, class: current === value ? `sb-side-on sb-${value}` : `sb-${value}`, title: help }, input, h("span", null, word));
  };
  return h(
    "span",
    { key: "combinator", class: "sb-segmented", role: "radiogroup", "aria-label": "How the filters combine, " + where },
    side("and", "All of (AND)", "A contact must match every filter"),
    side("or", "Any of (OR)", "A contact must match at least one filter"),
  );
}

function membersView(app, view, or) {
  return view.kids.flatMap((kid, index) => [
    index > 0 && h("div", { key: "join-" + kid.key, class: "sb-join" }, h("span", null, or ? "OR" : "AND")),
    kid.node.kind === "group" ? groupView(app, kid) : rowView(app, kid),
  ]);
}

function addButton(app, view, name, label, where, reason, more = {}) {
  const id = view.key + (name === "add_row" ? ":add" : ":add-group");
  const full = view.parent ? `${label} to ${where}` : label;
  return h(
    "button",
    {
      key: id,
      "data-id": id,
      class: "sb-button",
      ...more,
      "aria-label": reason ? `${full} (${reason})` : full,
      title: reason || undefined,
      "aria-disabled": reason ? "true" : undefined,
      onclick: () => reason || addTo(app, view, name),
    },
    icon(name === "add_row" ? "plus" : "group"),
    label,
  );
}

function limitsOf(app, view) {
  const { deepest = 32, rules = 1000 } = app.catalog.limits || {};
  const many = app.size >= rules ? `A segment holds at most ${number.format(rules)} filters` : "";
  const deep = view.path.length + 2 > deepest ? `Groups nest at most ${deepest} deep` : "";
  return { many, deep: deep || many };
}

function footView(app, view, where) {
  const { many, deep } = limitsOf(app, view);
  return h(
    "div",
    { key: "foot", class: "sb-foot" },
    addButton(app, view, "add_row", "Add filter", where, many),
    addButton(app, view, "add_group", "Add group", where, deep),
    (many || deep) && h("span", { key: "why", class: "sb-note" }, many || deep),
  );
}

function emptyView(app, view) {
  return h(
    "div",
    { key: "empty", class: "sb-empty" },
    icon("audience"),
    h("p", { class: "sb-empty-title" }, app.state.everybody ? "Who should be on this list?" : "Who should get this campaign?"),
    h("p", null, "Add a filter to choose contacts by their fields, their tags or what they did. The count follows every change."),
    h("div", { class: "sb-foot" }, addButton(app, view, "add_row", "Add filter", "", "", { class: "sb-button sb-primary" }), addButton(app, view, "add_group", "Add group", "", "")),
  );
}

function flip(app, view, name) {
  const node = nodeOf(app, view);
  const on = name === "negate" ? !node.negated : node.enabled === false;
  const made = name === "negate" ? toggled(node, "negated", on, false) : toggled(node, "enabled", on, true);
  change(app, view.key, made, name, { on });
}

function switchView(app, view, node, where) {
  const on = node.enabled !== false;
  const id = view.key + ":enable";
  return h(
    "button",
    { key: id, "data-id": id, class: "sb-switch", role: "switch", "aria-checked": String(on), "aria-label": "Enabled, " + where, title: on ? "Switch off: keep it, but do not use it" : "Switch on", onclick: () => flip(app, view, "enable") },
    h("span", { class: "sb-knob" }),
  );
}

/** For fingers: where there is no hover and no keyboard, or little room to drag in. */
function stepButtons(app, view, where) {
  const one = (step, what) =>
    iconButton(`${view.key}:${what}`, `Move ${what}, ${where}`, what, () => moveNode(app, view.key, step), { "aria-disabled": stepTarget(app, view, step) ? undefined : "true" });
  return h("span", { key: "steps", class: "sb-steps" }, one(-1, "up"), one(1, "down"));
}

function deleteButton(app, view, where) {
  const held = locksInside(app, view);
  const more = held ? { "aria-disabled": "true", title: "Holds something locked: unlock it first" } : {};
  return iconButton(view.key + ":delete", "Delete " + where, "trash", () => removeNode(app, view), more);
}

function moveItems(app, view) {
  const can = (step) => ({ off: !stepTarget(app, view, step) });
  return [
    ["clone", "Duplicate", () => cloneNode(app, view)],
    ["up", "Move up (Alt+↑)", () => moveNode(app, view.key, -1), can(-1)],
    ["down", "Move down (Alt+↓)", () => moveNode(app, view.key, 1), can(1)],
    ["wrap", "Put in a group", () => edit(app, view.key, "wrap", {}), { off: !canWrap(app, view) }],
    ["pair", "Group with next", () => gather(app, [view, view.parent.kids[view.path.at(-1) + 1]]), { off: !canPair(app, view) }],
  ];
}

/** The outermost group stays where it is. */
function groupItems(app, view, node, where) {
  const places = view.parent ? [...moveItems(app, view), ["unwrap", "Ungroup", () => ungroup(app, view)]] : [];
  return [...places, noteItem(noteContext(app, view, node, where))];
}

function noteContext(app, view, node, where) {
  return { app, key: view.key, where, rule: node, putNote: (note, typing) => putNote(app, view.key, nodeOf(app, view), note, typing) };
}
