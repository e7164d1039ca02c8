// The segment builder: draws the state that Python sends, and sends edits back.
// docs/builder-protocol.md is the contract.

// --- what arrives ----------------------------------------------------------------------------

function receive(app) {
  const before = app.state;
  app.state = app.model.get("state") || {};
  const reshaped = before.shape !== app.state.shape;
  const [name, heard] = String(app.state.heard ?? "").split(":");
  if (name === app.name) app.heard = Math.max(app.heard, Number(heard));
  if (reshaped) cancelDrag(app);
  app.root = steady(app, keyed(app.state.tree || { kind: "group", rules: [] }, app.root, !reshaped));
  const alive = app.views;
  for (const key of app.memos.keys()) if (!alive.has(key.replace(/:head$/, ""))) app.memos.delete(key);
  app.size = alive.size - 1;
  for (const [key, ahead] of app.ahead) {
    const view = alive.get(key);
    const old = app.heard >= ahead.expect || (ahead.shape !== undefined && ahead.shape !== app.state.shape);
    const same = view && !app.timers.has(key) && looks(view.node) === looks(ahead.node);
    if (!view || old || same) app.ahead.delete(key);
  }
  for (const [key, timer] of app.timers) {
    if (alive.has(key)) continue;
    clearTimeout(timer);
    app.timers.delete(key);
  }
  keepPicks(app);
  if (reshaped && app.afterShape) {
    const after = app.afterShape;
    app.afterShape = null;
    after();
  }
  markNews(app);
  draw(app);
  settle(app);
  if (app.waiting && (reshaped || before.revision !== app.state.revision)) answered(app);
}

/** What Python says beside the state. */
function heed(app, message) {
  if (typeof message?.refused === "string") refuse(app, message);
  else showNode(app, message?.focus);
}

function refuse(app, message) {
  app.refused = message.refused;
  for (const key of [...app.ahead.keys()]) if (!app.timers.has(key)) app.ahead.delete(key);
  app.heard = app.sent;
  app.afterShape = null;
  app.memos.clear();
  const active = activeIn(app);
  if (active) active._typed = false;
  draw(app);
  answered(app);
}

/** Marks what new data has changed, for a while, and says so. */
function markNews(app) {
  const { news } = app.state;
  if (!news || news.number === app.news) return;
  app.news = news.number;
  app.marked = news;
  app.said = newsOf(app.state);
  say(app, news.text);
  clearTimeout(app.marking);
  app.marking = setTimeout(() => {
    app.marked = null;
    draw(app);
  }, MARKED);
}

function newsOf(state) {
  return state.status === "empty" ? withoutRules(state) : `${number.format(state.total || 0)} contacts match`;
}

/** Announces a count once it stands, and only when it is news. */
function settle(app) {
  const { state } = app;
  clearTimeout(app.settling);
  if (isCounting(app) || state.counted !== state.revision) return;
  const news = newsOf(state);
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

/** The keys of nodes that we changed and of all around them: what Python said of them is old. */
function unsureKeys(app) {
  const unsure = new Set();
  for (const [key, { quiet }] of app.ahead) {
    for (let view = quiet ? null : viewOf(app, key); view; view = view.parent) unsure.add(view.key);
  }
  return unsure;
}

function draw(app) {
  if (app.drawing || !app.root) return;
  app.unsure = unsureKeys(app);
  const active = activeIn(app);
  const id = active?.dataset.id;
  const selection = active && /^(text|search)$/.test(active.type) ? [active.selectionStart, active.selectionEnd] : null;
  app.drawing = true;
  try {
    const stale = app.state.counted !== app.state.revision || isCounting(app);
    patch(app.box, { class: stale ? "sb-inner sb-waiting" : "sb-inner" }, pageView(app));
  } finally {
    app.drawing = false;
  }
  placePopover(app);
  const wanted = (app.focusNext || []).map((name) => usable(byId(app, name))).find(Boolean);
  app.focusNext = null;
  const now = activeIn(app);
  if (wanted) wanted.focus();
  else if (active && (now !== active || active.disabled)) {
    const again = active.isConnected && !active.disabled ? active : usable(byId(app, id)) || nearTo(app, id);
    again?.focus({ preventScroll: true });
    if (selection && again?.setSelectionRange && again.type === "text") again.setSelectionRange(...selection);
  }
}

/** Where the focus goes when its control is gone. */
function nearTo(app, id = "") {
  const anchor = id.replace(/(:subject|:menu)-.*$/, "$1");
  const key = id.split(":")[0];
  const near = [anchor, key + ":subject", key + ":lock", app.root.key + ":add", app.root.key + ":lock"];
  return near.map((name) => usable(byId(app, name))).find(Boolean);
}

function usable(control) {
  return control && !control.disabled ? control : null;
}

// --- the page around it ----------------------------------------------------------------------

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

/** Follows the page and what Python sends; gives back what stops it. */
function listenTo(app) {
  const { model, host } = app;
  const outside = (e) => {
    const inside = (node) => node.dataset && (node.dataset.for === app.open?.id || node.dataset.anchor === app.open?.id);
    if (app.open && !e.composedPath().some(inside)) app.setOpen(null);
  };
  const inList = ({ target }) => target instanceof Node && app.box.querySelector("[popover]")?.contains(target);
  const follow = (e) => inList(e) || placePopover(app);
  const catalog = () => {
    app.catalog = model.get("catalog") || {};
    draw(app);
  };
  const around = [[document, "pointerdown", outside, true], [document, "scroll", follow, true], [window, "resize", follow, false]];
  const news = [["change:state", () => receive(app)], ["change:catalog", catalog], ["msg:custom", (content) => heed(app, content)]];
  host.addEventListener("keydown", (e) => keydown(app, e));
  host.addEventListener("input", (e) => (e.target._typed = true), true);
  for (const name of ["input", "change", "click", "focusout"]) host.addEventListener(name, (e) => forgetTouched(app, e.target), true);
  host.addEventListener("focusout", (e) => left(app, e));
  for (const [target, ...rest] of around) target.addEventListener(...rest);
  for (const each of news) model.on(...each);
  return () => {
    for (const [target, ...rest] of around) target.removeEventListener(...rest);
    for (const each of news) model.off(...each);
  };
}

/** What was typed goes out when its control is left. */
function left(app, e) {
  if (app.drawing) return;
  e.target._typed = false;
  if (app.timers.size) flush(app);
  queueMicrotask(() => app.box.isConnected && draw(app));
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
  const stop = listenTo(app);
  receive(app);
  const ignoreTheme = followTheme(app);
  return () => {
    flush(app);
    ignoreTheme();
    cancelDrag(app);
    clearTimeout(app.settling);
    clearTimeout(app.waiting);
    clearTimeout(app.marking);
    clearTimeout(app.showing);
    stop();
  };
}

export default { render };
