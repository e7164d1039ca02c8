// The segment builder: draws the state that Python sends, and sends edits back.
// docs/builder-protocol.md is the contract. Each view of the widget has an `app` of its own.

const TYPING_PAUSE = 200;
const SETTLE = 400;
const LONGEST_WAIT = 2000;
const RESHAPING = new Set(["add_row", "add_group", "remove", "clone", "wrap", "unwrap", "move", "clear", "undo", "redo"]);

let apps = 0;

function createApp(model, host) {
  const app = {
    model,
    host,
    uid: "sb" + ++apps,
    catalog: model.get("catalog") || {},
    state: model.get("state") || {},
    root: null,
    open: null, // the one open list or menu: {id, query, active}
    focusNext: null, // ids of controls, the first that exists gets the focus
    afterShape: null, // what to do once the state has the shape that our edit made
    partial: new Map(), // key -> numbers of times that are not complete yet
    collapsed: new Set(),
    ahead: new Map(), // key -> what we know of a node that Python has not answered yet
    timers: new Map(), // key -> the pause after typing
    queue: [],
    waiting: null,
    expected: 0,
    said: "",
    refused: "",
    drawing: false,
  };
  app.setOpen = (open) => {
    const opened = open && app.open?.id !== open.id;
    app.open = open;
    if (opened && open.id.endsWith(":subject")) app.focusNext = [open.id + "-search"];
    draw(app);
  };
  return app;
}

// --- edits -----------------------------------------------------------------------------------

function viewOf(app, key) {
  return everyView(app.root).find((view) => view.key === key);
}

function nodeOf(app, view) {
  const ahead = app.ahead.get(view.key);
  if (!ahead) return view.node;
  return view.node.kind === "group" ? { ...ahead.node, rules: view.node.rules } : ahead.node;
}

/** Sends an edit now, or once the answer to an edit that changes the shape is here. */
function send(app, make) {
  app.queue.push(make);
  drain(app);
}

function drain(app) {
  while (app.queue.length && !app.waiting) {
    const message = app.queue.shift()();
    if (!message) continue;
    app.expected = Math.max(app.expected, app.state.revision || 0) + 1;
    const { edit, ...rest } = message;
    app.model.send({ edit, shape: app.state.shape, ...rest });
    if (RESHAPING.has(edit)) app.waiting = setTimeout(() => answered(app), LONGEST_WAIT);
  }
}

function answered(app) {
  clearTimeout(app.waiting);
  app.waiting = null;
  drain(app);
}

/** An edit of the node with that key; its path is the one it has when the edit is sent. */
function edit(app, key, name, more, after) {
  flush(app);
  app.refused = "";
  send(app, () => {
    const view = viewOf(app, key);
    if (!view) return null;
    if (RESHAPING.has(name)) app.afterShape = after || null;
    return { edit: name, path: view.path, ...more };
  });
}

/** Shows the node as it will be, and sends the edit that makes it so. */
function change(app, key, node, name, more) {
  flush(app);
  app.ahead.set(key, { node, expect: Infinity });
  edit(app, key, name, more);
  const ahead = app.ahead.get(key);
  if (ahead) Object.assign(ahead, { expect: app.expected, shape: app.state.shape });
  draw(app);
}

function put(app, key, node, typing) {
  clearTimeout(app.timers.get(key));
  app.timers.delete(key);
  app.refused = "";
  app.ahead.set(key, { node, expect: Infinity });
  const go = () => {
    app.timers.delete(key);
    send(app, () => {
      const view = viewOf(app, key);
      const ahead = app.ahead.get(key);
      if (!view) return null;
      if (ahead?.node === node) Object.assign(ahead, { expect: Math.max(app.expected, app.state.revision || 0) + 1, shape: app.state.shape });
      return { edit: "put", path: view.path, node, ...(typing ? { typing: true } : {}) };
    });
  };
  if (typing) {
    const timer = setTimeout(go, TYPING_PAUSE);
    app.timers.set(key, timer);
    timersToGo.set(timer, go);
  } else go();
  draw(app);
}

const timersToGo = new Map();

/** Sends what is still waiting for a pause in typing. */
function flush(app) {
  for (const timer of [...app.timers.values()]) {
    clearTimeout(timer);
    timersToGo.get(timer)?.();
    timersToGo.delete(timer);
  }
}

function addTo(app, view, name) {
  edit(app, view.key, name, {}, () => {
    let made = viewOf(app, view.key)?.kids.at(-1);
    while (made?.kids.length) made = made.kids.at(-1);
    app.collapsed.delete(view.key);
    if (!made) return;
    app.open = { id: made.key + ":subject", query: "", active: 0 };
    app.focusNext = [made.key + ":subject-search", made.key + ":subject"];
  });
}

function removeNode(app, view) {
  const line = [];
  for (let up = view; up.parent; up = up.parent) line.push([up.parent.key, up.path.at(-1)]);
  edit(app, view.key, "remove", {}, () => {
    for (const [parentKey, index] of line) {
      const parent = viewOf(app, parentKey);
      if (!parent) continue;
      const next = parent.kids[Math.min(index, parent.kids.length - 1)];
      app.focusNext = [next && handleOf(next), parent.key + ":add"];
      return;
    }
  });
}

/** The id of the control that stands for a node when it gets the focus. */
function handleOf(view) {
  return view.key + (view.node.kind === "group" ? ":collapse" : ":subject");
}

function cloneNode(app, view) {
  const { key } = view.parent;
  edit(app, view.key, "clone", {}, () => {
    const at = viewOf(app, view.key)?.path.at(-1) ?? -1;
    const made = viewOf(app, key)?.kids[at + 1];
    if (made) app.focusNext = [handleOf(made)];
  });
}

function ungroup(app, view) {
  const first = view.kids[0];
  edit(app, view.key, "unwrap", {}, () => {
    if (first) app.focusNext = [handleOf(first)];
  });
}

function moveNode(app, key, step) {
  flush(app);
  send(app, () => {
    const view = viewOf(app, key);
    const target = view && stepTarget(view, step);
    if (!target) return null;
    app.afterShape = () => {
      const moved = viewOf(app, key);
      if (!moved) return;
      app.collapsed.delete(moved.parent.key);
      const inside = moved.parent.parent ? "group " + placeOf(moved.parent) : "the segment";
      say(app, `Now ${moved.path.at(-1) + 1} of ${moved.parent.kids.length} in ${inside}`);
    };
    return { edit: "move", path: view.path, ...target };
  });
}

function wholeTree(app, name) {
  const active = activeIn(app);
  if (active) active._typed = false;
  flush(app);
  app.refused = "";
  send(app, () => {
    if (name !== "clear" && !app.state[name === "undo" ? "can_undo" : "can_redo"]) return null;
    app.partial.clear();
    app.afterShape = name === "clear" ? () => (app.focusNext = [app.root.key + ":add"]) : null;
    return { edit: name };
  });
}

// --- what arrives ----------------------------------------------------------------------------

function receive(app) {
  const before = app.state;
  app.state = app.model.get("state") || {};
  const reshaped = before.shape !== app.state.shape;
  app.root = keyed(app.state.tree || { kind: "group", rules: [] }, app.root, !reshaped);
  const alive = new Map(everyView(app.root).map((view) => [view.key, view]));
  app.size = alive.size - 1;
  for (const [key, ahead] of app.ahead) {
    const view = alive.get(key);
    const old = app.state.revision >= ahead.expect || (ahead.shape !== undefined && ahead.shape !== app.state.shape);
    const same = view && !app.timers.has(key) && looks(view.node) === looks(ahead.node);
    if (!view || old || same) app.ahead.delete(key);
  }
  for (const [key, timer] of app.timers) {
    if (alive.has(key)) continue;
    clearTimeout(timer);
    app.timers.delete(key);
  }
  if (reshaped && app.afterShape) {
    const after = app.afterShape;
    app.afterShape = null;
    after();
  }
  draw(app);
  settle(app);
  if (app.waiting && (reshaped || before.revision !== app.state.revision)) answered(app);
}

function refuse(app, message) {
  if (!message || typeof message.refused !== "string") return;
  app.refused = message.refused;
  for (const key of [...app.ahead.keys()]) if (!app.timers.has(key)) app.ahead.delete(key);
  app.expected = app.state.revision || 0;
  app.afterShape = null;
  const active = activeIn(app);
  if (active) active._typed = false;
  draw(app);
  answered(app);
}

/** Announces a count once it stands, and only when it is news. */
function settle(app) {
  const { state } = app;
  clearTimeout(app.settling);
  if (state.status === "updating" || state.counted !== state.revision) return;
  const news = state.status === "empty" ? "Holds nobody: add a filter" : `${number.format(state.total || 0)} contacts match`;
  if (state.status === "error" || app.said === "") {
    app.said = app.said || news;
    return;
  }
  app.settling = setTimeout(() => {
    if (app.said === news) return;
    app.said = news;
    say(app, news);
  }, SETTLE);
}

function say(app, text) {
  app.live.textContent = text;
}

// --- drawing ---------------------------------------------------------------------------------

function activeIn(app) {
  const active = app.host.getRootNode().activeElement;
  return active && app.box.contains(active) ? active : null;
}

function byId(app, id) {
  return id ? app.box.querySelector(`[data-id="${CSS.escape(id)}"]`) : null;
}

function draw(app) {
  if (app.drawing || !app.root) return;
  const active = activeIn(app);
  const id = active?.dataset.id;
  const selection = active && /^(text|search)$/.test(active.type) ? [active.selectionStart, active.selectionEnd] : null;
  app.drawing = true;
  try {
    patch(app.box, { class: "sb-inner" }, pageView(app));
  } finally {
    app.drawing = false;
  }
  placePopover(app);
  const wanted = (app.focusNext || []).map((name) => byId(app, name)).find(Boolean);
  app.focusNext = null;
  const now = activeIn(app);
  if (wanted) wanted.focus();
  else if (active && now !== active) {
    const again = active.isConnected ? active : byId(app, id) || nearTo(app, id);
    again?.focus({ preventScroll: true });
    if (selection && again?.setSelectionRange && again.type === "text") again.setSelectionRange(...selection);
  }
}

/** Where the focus goes when its control is gone. */
function nearTo(app, id = "") {
  const anchor = id.replace(/(:subject|:menu)-.*$/, "$1");
  return byId(app, anchor) || byId(app, id.split(":")[0] + ":subject") || byId(app, app.root.key + ":add");
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

function placeOf(view) {
  return view.path.map((index) => index + 1).join(".");
}

function pageView(app) {
  const { state } = app;
  return [headView(app), groupView(app, app.root), h("p", { key: "words", class: "sb-words" }, h("strong", null, "In words: "), state.sentence || "")];
}

function headView(app) {
  const { state } = app;
  const whole = state.contacts || 0;
  const total = state.total || 0;
  const failed = state.status === "error";
  const width = number.format(whole).length;
  const off = (able) => (able ? undefined : "true");
  const part = whole ? Math.min(100, (100 * total) / whole) : 0;
  return h(
    "div",
    { key: "head", class: "sb-head" },
    h(
      "div",
      { class: failed ? "sb-total sb-grey" : "sb-total" },
      h("span", { class: "sb-big", style: `min-width: ${width * 0.62}em` }, number.format(total)),
      h(
        "span",
        { class: "sb-share" },
        state.status === "empty" ? h("strong", { key: "none" }, "Holds nobody: add a filter") : h("span", { key: "share" }, h("strong", null, share(total, whole)), ` of ${plural(whole, "contact")}`),
        h("span", { key: "as-of", class: "sb-as-of" }, state.as_of ? `As of ${state.as_of}` : "", h("span", { class: state.status === "updating" ? "sb-updating" : "sb-updating sb-hidden" }, "updating…")),
      ),
      h("span", { class: "sb-bar", "aria-hidden": "true" }, part > 0 && h("span", { class: "sb-bar-part", style: `width: ${part}%` })),
    ),
    h(
      "div",
      { class: "sb-tools", role: "group", "aria-label": "History" },
      iconButton("undo", "Undo", "undo", () => wholeTree(app, "undo"), { title: "Undo (Ctrl+Z)", "aria-disabled": off(state.can_undo) }),
      iconButton("redo", "Redo", "redo", () => wholeTree(app, "redo"), { title: "Redo (Ctrl+Shift+Z)", "aria-disabled": off(state.can_redo) }),
      iconButton("clear", "Clear", "clear", () => wholeTree(app, "clear"), { title: "Clear: take all filters away", "aria-disabled": off(app.root.kids.length) }),
    ),
    failed && messageView("failed", "error", state.message || "The count failed."),
    !failed && state.message && messageView("message", "hint", state.message),
    app.refused && messageView("refused", "warning", app.refused),
  );
}

function messageView(key, level, text) {
  return h("div", { key, class: "sb-message sb-" + level, role: level === "hint" ? "note" : "alert" }, icon(level), h("span", null, text));
}

function groupView(app, view) {
  const node = nodeOf(app, view);
  const isRoot = !view.parent;
  const place = placeOf(view);
  const where = isRoot ? "the segment" : "group " + place;
  const or = node.combinator === "or";
  const folded = !isRoot && app.collapsed.has(view.key);
  const classes = ["sb-group", isRoot && "sb-root", or ? "sb-is-or" : "sb-is-and", node.enabled === false && "sb-off", node.negated && "sb-negated"];
  const body = isRoot && !view.kids.length ? emptyView(app, view) : [membersView(app, view, or), footView(app, view, where)];
  return h(
    "div",
    { key: view.key, class: classes.filter(Boolean).join(" "), role: "group", "aria-label": isRoot ? "Segment" : "Group " + place, "data-node": view.key },
    groupHead(app, view, node, where, folded),
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
    !isRoot && iconButton(view.key + ":collapse", `${folded ? "Expand" : "Collapse"} ${where}`, folded ? "right" : "down", fold, { "aria-expanded": String(!folded) }),
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
        !isRoot && iconButton(view.key + ":delete", "Delete " + where, "trash", () => removeNode(app, view)),
        !isRoot && menuButton(app, view.key, where, [...moveItems(app, view), ["unwrap", "Ungroup", () => ungroup(app, view)]]),
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
    h("p", { class: "sb-empty-title" }, "Who should get this campaign?"),
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

function moveItems(app, view) {
  const can = (step) => ({ off: !stepTarget(view, step) });
  return [
    ["clone", "Duplicate", () => cloneNode(app, view)],
    ["up", "Move up (Alt+↑)", () => moveNode(app, view.key, -1), can(-1)],
    ["down", "Move down (Alt+↓)", () => moveNode(app, view.key, 1), can(1)],
    ["wrap", "Put in a group", () => edit(app, view.key, "wrap", {}), { off: Boolean(limitsOf(app, view).deep) }],
  ];
}

function numbersView(app, view, node) {
  const numbers = app.state.nodes?.[view.path.join(".")] || {};
  const stale = app.state.counted !== app.state.revision || app.state.status === "updating";
  const whole = app.state.contacts || 0;
  const classes = stale ? "sb-numbers sb-stale" : "sb-numbers";
  if (numbers.alone === undefined || numbers.alone === null) {
    const why = node.enabled === false ? "off" : "not counted";
    return h("span", { key: "numbers", class: classes }, h("span", { class: "sb-uncounted" }, why));
  }
  const left = nodeOf(app, view.parent).combinator === "or" ? "so far" : "left";
  const part = whole ? Math.min(100, (100 * numbers.alone) / whole) : 0;
  return h(
    "span",
    { key: "numbers", class: classes },
    h(
      "span",
      { class: "sb-alone", title: `${plural(numbers.alone, "contact")} by itself: ${share(numbers.alone, whole)}` },
      h("span", null, number.format(numbers.alone), h("span", { class: "sb-unseen" }, " by itself, ")),
      h("span", { class: "sb-bar", "aria-hidden": "true" }, part > 0 && h("span", { class: "sb-bar-part", style: `width: ${part}%` })),
    ),
    h("span", { class: "sb-after" }, numbers.after === undefined || numbers.after === null ? "" : `→ ${number.format(numbers.after)} ${left}`),
  );
}

function issuesOf(app, view) {
  const here = view.path.join(".");
  return (app.state.issues || []).filter((issue) => issue.path.join(".") === here);
}

function issuesView(app, view) {
  const issues = issuesOf(app, view);
  if (!issues.length) return null;
  const words = { error: "Error: ", warning: "Warning: ", hint: "To do: " };
  return h(
    "ul",
    { key: "issues", class: "sb-issues" },
    issues.map((issue) => h("li", { class: "sb-issue sb-" + issue.level }, icon(issue.level in words ? issue.level : "hint"), h("span", null, h("strong", null, words[issue.level] || ""), issue.message))),
  );
}

function rowView(app, view) {
  const rule = nodeOf(app, view);
  const { key } = view;
  const where = "row " + placeOf(view);
  const ctx = { app, key, where, rule, put: (made, typing) => put(app, key, made, typing) };
  const definition = definitionOf(app, rule);
  const choose = (subject, name) => chooseSubject(app, view, subject, name);
  const pick = (op) => {
    app.partial.delete(key);
    change(app, key, withOperator(app, rule, definition?.type, op), "operator", { op });
  };
  const chosen = rule.kind !== "field" || rule.field;
  const off = rule.enabled === false;
  const note = missingNote(app, view, rule, definition);
  return h(
    "div",
    { key, class: off ? "sb-row sb-off" : "sb-row", role: "group", "aria-label": "Row " + placeOf(view), "data-node": key },
    h(
      "div",
      { class: "sb-line" },
      h("span", { key: "place", class: "sb-place" }, placeOf(view)),
      h(
        "div",
        { class: "sb-ask" },
        notMark(rule),
        subjectPicker(ctx, definition, choose),
        chosen && operatorEditor(ctx, definition?.type, pick),
        h("span", { key: "value", class: "sb-value" }, chosen && subjectEditor(ctx, definition), badges(rule, note)),
      ),
      h(
        "div",
        { class: "sb-side" },
        numbersView(app, view, rule),
        h(
          "span",
          { key: "acts", class: "sb-acts" },
          notButton(key, where, rule.negated, () => flip(app, view, "negate")),
          switchView(app, view, rule, where),
          iconButton(key + ":delete", "Delete " + where, "trash", () => removeNode(app, view)),
          menuButton(app, key, where, [...moveItems(app, view), ...fieldItems(app, view, rule, definition)]),
        ),
      ),
    ),
    rule.kind === "event" && conditionsEditor(ctx, definition),
    issuesView(app, view),
  );
}

function subjectEditor(ctx, definition) {
  const { rule, app } = ctx;
  if (rule.kind === "tag") return chipsEditor(ctx, rule.tags || [], app.catalog.tags || [], "tag", (tags) => ctx.put({ ...rule, tags }));
  if (rule.kind === "event") return eventEditor(ctx, definition);
  if (rule.kind === "prebuilt") return paramsEditor(ctx, definition);
  if (rule.kind === "segment") return null;
  return valueEditor(ctx, definition);
}

function badges(rule, note) {
  const empties = { include: "empty included", exclude: "empty left out" }[rule.unknown];
  const words = [rule.match_case && "match case", !note && empties].filter(Boolean);
  return [words.map((word) => h("span", { key: word, class: "sb-badge" }, word)), note];
}

/** Says where contacts without a value go. Until the row is finished it only keeps its place. */
function missingNote(app, view, rule, definition) {
  const missing = rule.kind === "field" && definition ? app.catalog.contacts - definition.known : 0;
  const op = missing > 0 && operatorsOf(app, "field", definition.type).find((row) => row.key === operatorOf(rule));
  if (!op || ["is_empty", "is_not_empty"].includes(op.key)) return null;
  const included = holdsMissing(rule, op.negative) ? "included" : "left out";
  const waiting = issuesOf(app, view).some((issue) => issue.level !== "warning");
  return h("span", { key: "missing", class: waiting ? "sb-missing sb-hidden" : "sb-missing" }, `${number.format(missing)} without a value: ${included}`);
}

function holdsMissing(rule, negative) {
  const held = rule.unknown === "include" || (negative && rule.unknown !== "exclude");
  // NOT is the complement of the row with all it says.
  return Boolean(held) !== Boolean(rule.negated);
}

/** The rarer settings of a field row: case, and where contacts without a value go. */
function fieldItems(app, view, rule, definition) {
  if (rule.kind !== "field" || !rule.field) return [];
  const set = (flag, value, usual) => put(app, view.key, toggled(nodeOf(app, view), flag, value, usual));
  const unknown = rule.unknown ?? "default";
  const empties = [["default", "As the operator says"], ["include", "Include them"], ["exclude", "Leave them out"]];
  return [
    definition?.type === "text" && ["case", "Match case", () => set("match_case", !rule.match_case, false), { checked: Boolean(rule.match_case) }],
    "Contacts without a value",
    ...empties.map(([value, label]) => ["unknown-" + value, label, () => set("unknown", value, "default"), { checked: unknown === value }]),
  ].filter(Boolean);
}

function chooseSubject(app, view, subject, name) {
  const { catalog } = app;
  const old = nodeOf(app, view);
  const flags = { ...(old.negated ? { negated: true } : {}), ...(old.enabled === false ? { enabled: false } : {}) };
  const field = catalog.fields?.find((known) => known.name === name);
  const first = operatorsOf(app, "field", field?.type)[0];
  const window = { kind: "last", amount: 30 };
  const params = catalog.prebuilt?.find((row) => row.key === name)?.params || [];
  const made = {
    field: { field: name, op: first?.key ?? "", ...(first?.shape === "window" ? { window } : {}) },
    tag: { op: operatorsOf(app, "tag")[0]?.key ?? "", tags: name ? [name] : [] },
    event: { event: name, window },
    prebuilt: { prebuilt: name, params: Object.fromEntries(params.map((param) => [param.name, param.default])) },
    segment: { segment: name },
  }[subject];
  app.partial.delete(view.key);
  change(app, view.key, { kind: subject, ...made, ...flags }, "choose", { subject, name });
}

// --- the page around it ----------------------------------------------------------------------

function keydown(app, e) {
  e.stopPropagation();
  const letter = e.key.toLowerCase();
  const control = (e.ctrlKey || e.metaKey) && !e.altKey;
  // A search that is being typed is nobody's segment yet: there the browser's own undo is right.
  const searching = e.target.getAttribute("role") === "combobox" && e.target.value;
  if (control && !searching && (letter === "z" || letter === "y")) {
    e.preventDefault();
    wholeTree(app, letter === "y" || e.shiftKey ? "redo" : "undo");
  }
  const node = e.altKey && !control && (e.key === "ArrowUp" || e.key === "ArrowDown") && e.target.closest("[data-node]");
  if (node) {
    e.preventDefault();
    if (app.open) app.setOpen(null);
    moveNode(app, node.dataset.node, e.key === "ArrowUp" ? -1 : 1);
  }
}

/** Marks the widget dark where its background is: native controls then follow. */
function followTheme(app) {
  const tell = () => {
    const parts = getComputedStyle(app.host).backgroundColor.match(/[\d.]+/g) || [255, 255, 255];
    const [r, g, b] = parts.map(Number);
    app.host.classList.toggle("sb-dark", 0.299 * r + 0.587 * g + 0.114 * b < 128);
  };
  tell();
  const watch = new MutationObserver(tell);
  for (const el of [document.documentElement, document.body, document.head]) {
    watch.observe(el, { attributes: true, childList: el === document.head, attributeFilter: ["class", "style", "data-jp-theme-light", "data-theme"] });
  }
  const arrival = new ResizeObserver(tell);
  arrival.observe(app.host);
  return () => {
    watch.disconnect();
    arrival.disconnect();
  };
}

function render({ model, el }) {
  el.classList.add("sb-builder");
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  const app = createApp(model, el);
  app.box = document.createElement("div");
  app.live = document.createElement("div");
  app.live.className = "sb-unseen";
  app.live.setAttribute("role", "status");
  app.live.setAttribute("aria-live", "polite");
  el.append(app.box, app.live);

  const outside = (e) => {
    const inside = (node) => node.dataset && (node.dataset.for === app.open?.id || node.dataset.anchor === app.open?.id);
    if (app.open && !e.composedPath().some(inside)) app.setOpen(null);
  };
  const follow = (e) => !app.box.querySelector("[popover]")?.contains(e.target) && placePopover(app);
  const state = () => receive(app);
  const catalog = () => {
    app.catalog = model.get("catalog") || {};
    draw(app);
  };
  const message = (content) => refuse(app, content);
  el.addEventListener("keydown", (e) => keydown(app, e));
  el.addEventListener("input", (e) => (e.target._typed = true), true);
  el.addEventListener("focusout", (e) => {
    if (app.drawing) return;
    e.target._typed = false;
    if (app.timers.size) flush(app);
    queueMicrotask(() => app.box.isConnected && draw(app));
  });
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", follow, true);
  window.addEventListener("resize", follow);
  model.on("change:state", state);
  model.on("change:catalog", catalog);
  model.on("msg:custom", message);
  receive(app);
  const ignoreTheme = followTheme(app);

  return () => {
    flush(app);
    ignoreTheme();
    clearTimeout(app.settling);
    clearTimeout(app.waiting);
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("scroll", follow, true);
    window.removeEventListener("resize", follow);
    model.off("change:state", state);
    model.off("change:catalog", catalog);
    model.off("msg:custom", message);
  };
}

export default { render };
