// What one view of the widget knows, and the edits that it sends.
// Each view has an `app` of its own.

const TYPING_PAUSE = 200;
const SETTLE = 400;
const LONGEST_WAIT = 2000;
const MARKED = 6000;
const RESHAPING = new Set(["add_row", "add_group", "remove", "clone", "wrap", "unwrap", "gather", "move", "copy", "clear", "undo", "redo"]);
const UNCOUNTED = new Set(["add_row", "add_group", "note", "lock"]);

let apps = 0;

function createApp(model, host) {
  const app = {
    model,
    host,
    uid: "sb" + ++apps,
    catalog: model.get("catalog") || {},
    state: model.get("state") || {},
    root: null,
    views: new Map(), // key -> the view of that node
    memos: new Map(), // key -> what was drawn last, and from which facts
    picked: new Set(), // keys of chosen rows, all members of one group
    pickedLast: "", // the last of them that was chosen
    drag: null, // the row or group that is being dragged
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
    shown: "", // the key of the node that something else on the page has shown
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
  return app.views.get(key);
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

/** Whether an edit is typed or under way that may change numbers: those on screen are of an older tree. */
function awaiting(app) {
  return app.asked > app.heard || [...app.timers.keys()].some((key) => !app.ahead.get(key)?.quiet);
}

/** Whether the numbers on screen are about to change. */
function isCounting(app) {
  return app.state.status === "updating" || awaiting(app);
}

/** Shows the node as it will be, and sends the edit that makes it so. */
function change(app, key, node, name, more) {
  flush(app);
  app.ahead.set(key, { node, expect: Infinity, quiet: UNCOUNTED.has(name) });
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
