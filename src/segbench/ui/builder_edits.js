// What one view of the widget knows, and the edits that it sends.
// Each view has an `app` of its own.

const TYPING_PAUSE = 200;
const SETTLE = 400;
const LONGEST_WAIT = 2000;
const MARKED = 6000;
const RESHAPING = new Set(["add_row", "add_group", "remove", "clone", "wrap", "unwrap", "move", "clear", "undo", "redo"]);
const UNCOUNTED = new Set(["add_row", "add_group", "note"]);

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
    unfolded: new Set(), // keys of rows that show their other settings
    custom: new Set(), // ids of calendar periods that are typed, not picked
    noting: new Set(), // keys of nodes whose note is being written
    ahead: new Map(), // key -> what we know of a node that Python has not answered yet
    timers: new Map(), // key -> the pause after typing
    queue: [],
    waiting: null,
    name: Math.random().toString(36).slice(2, 14), // tells our edits from those of other views
    sent: 0, // how many edits went out
    heard: 0, // the last of them that Python has dealt with
    asked: 0, // the last of them that may change a number
    said: "",
    refused: "",
    news: model.get("state")?.news?.number ?? 0, // the newest change of the data that was seen
    marked: null, // the differences that are marked for a while
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
  draw(app);
}

/** Whether anything was sent. */
function drain(app) {
  const before = app.sent;
  while (app.queue.length && !app.waiting) {
    const message = app.queue.shift()();
    if (!message) continue;
    app.sent += 1;
    const { edit, ...rest } = message;
    if (!UNCOUNTED.has(edit)) app.asked = app.sent;
    app.model.send({ edit, id: `${app.name}:${app.sent}`, shape: app.state.shape, ...rest });
    if (RESHAPING.has(edit)) app.waiting = setTimeout(() => answered(app), LONGEST_WAIT);
    clearTimeout(app.settling);
  }
  return app.sent > before;
}

function answered(app) {
  clearTimeout(app.waiting);
  app.waiting = null;
  if (drain(app)) draw(app);
}

/** An edit of the node with that key; its path is the one it has when the edit is sent. */
function edit(app, key, name, more, after) {
  flush(app);
  app.refused = "";
  send(app, () => {
    const view = viewOf(app, key);
    if (!view) return null;
    if (RESHAPING.has(name)) app.afterShape = after || null;
    else onItsWay(app, app.ahead.get(key));
    return { edit: name, path: view.path, ...more };
  });
}

/** The edit that is sent next makes this node so; its answer ends what we know ahead of Python. */
function onItsWay(app, ahead) {
  if (ahead) Object.assign(ahead, { expect: app.sent + 1, shape: app.state.shape });
}

/** Whether an edit is under way that may change numbers: those on screen are of an older tree. */
function awaiting(app) {
  return app.asked > app.heard;
}

/** Whether the numbers on screen are about to change. */
function isCounting(app) {
  return app.state.status === "updating" || awaiting(app);
}

/** Shows the node as it will be, and sends the edit that makes it so. */
function change(app, key, node, name, more) {
  flush(app);
  app.ahead.set(key, { node, expect: Infinity });
  edit(app, key, name, more);
}

function put(app, key, node, typing) {
  place(app, key, node, typing, { edit: "put", node });
}

function putNote(app, key, node, note, typing) {
  place(app, key, toggled(node, "note", note, ""), typing, { edit: "note", note });
}

/** Shows the node as it will be, and sends the message, after a pause while somebody types. */
function place(app, key, node, typing, message) {
  const waiting = app.timers.get(key);
  if (waiting && timersToGo.get(waiting)?.what !== message.edit) flush(app);
  clearTimeout(app.timers.get(key));
  app.timers.delete(key);
  app.refused = "";
  const quiet = UNCOUNTED.has(message.edit) && (app.ahead.get(key)?.quiet ?? true);
  app.ahead.set(key, { node, expect: Infinity, quiet });
  const go = () => {
    app.timers.delete(key);
    send(app, () => {
      const view = viewOf(app, key);
      const ahead = app.ahead.get(key);
      if (!view) return null;
      if (ahead?.node === node) onItsWay(app, ahead);
      return { path: view.path, ...message, ...(typing ? { typing: true } : {}) };
    });
  };
  go.what = message.edit;
  if (typing) {
    const timer = setTimeout(go, TYPING_PAUSE);
    app.timers.set(key, timer);
    timersToGo.set(timer, go);
    draw(app);
  } else go();
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
