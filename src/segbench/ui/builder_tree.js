// The tree as the browser knows it: every node has a key of its own that follows it when it moves,
// so that focus, collapsed groups and edits under way stay with their row.

let nextKey = 1;

/** Views `{node, key, path, parent, kids}` of the new tree, keys taken over from the old one. */
function keyed(tree, before, sameShape) {
  if (!before) return fresh(tree);
  const view = { node: tree, key: before.key, path: [], parent: null, kids: [] };
  if (sameShape) return numbered(matchByPlace(view, before));
  const open = [];
  const pool = new Map();
  matchByLooks(view, before, open, pool);
  for (const slot of open) adopt(slot, pool);
  return numbered(view);
}

function fresh(tree) {
  return numbered(blank(tree));
}

function blank(node) {
  return { node, key: "k" + nextKey++, kids: (node.rules || []).map(blank) };
}

function numbered(root, path = [], parent = null) {
  root.path = path;
  root.parent = parent;
  root.kids.forEach((kid, index) => numbered(kid, [...path, index], root));
  return root;
}

function matchByPlace(view, before) {
  view.kids = (view.node.rules || []).map((node, index) => {
    const old = before.kids[index];
    return old ? matchByPlace({ node, key: old.key, kids: [] }, old) : blank(node);
  });
  return view;
}

/** Pairs equal members first, then groups and rows about the same thing; the rest stays open. */
function matchByLooks(view, before, open, pool) {
  const nodes = view.node.rules || [];
  const left = [...before.kids];
  const pairs = new Array(nodes.length);
  const pairUp = (like) =>
    nodes.forEach((node, index) => {
      if (pairs[index]) return;
      const at = left.findIndex((old) => like(node) === like(old.node));
      if (at >= 0) pairs[index] = left.splice(at, 1)[0];
    });
  pairUp(looks);
  pairUp((node) => (node.kind === "group" ? "group" : looks(node)));
  pairUp((node) => [node.kind, node.field, node.event, node.segment, node.prebuilt].join("\n"));
  left.forEach((old) => pour(old, pool));
  view.kids = nodes.map((node, index) => {
    const kid = { node, key: pairs[index]?.key, kids: [] };
    if (!pairs[index]) open.push(kid);
    else if (node.kind === "group") matchByLooks(kid, pairs[index], open, pool);
    return kid;
  });
}

function pour(old, pool) {
  const same = looks(old.node);
  if (!pool.has(same)) pool.set(same, []);
  pool.get(same).push(old);
  old.kids.forEach((kid) => pour(kid, pool));
}

function adopt(view, pool) {
  const old = pool.get(looks(view.node))?.shift();
  view.key = old?.key ?? "k" + nextKey++;
  view.kids = (view.node.rules || []).map((node) => ({ node, kids: [] }));
  view.kids.forEach((kid, index) => {
    const was = old?.kids[index];
    const waiting = was && pool.get(looks(was.node));
    if (waiting?.includes(was)) pool.set(looks(was.node), [was, ...waiting.filter((o) => o !== was)]);
    adopt(kid, pool);
  });
}

const looksCache = new WeakMap();

function looks(node) {
  if (!looksCache.has(node)) looksCache.set(node, JSON.stringify(node, ordered));
  return looksCache.get(node);
}

function ordered(_, value) {
  if (!value || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function everyView(root, found = []) {
  found.push(root);
  root.kids.forEach((kid) => everyView(kid, found));
  return found;
}

function placeOf(view) {
  return view.path.map((index) => index + 1).join(".");
}

/** The views of the tree as they are now; one whose key stays is the same object as before. */
function steady(app, root) {
  const before = app.views;
  app.views = new Map();
  const settled = (found, parent) => {
    const view = Object.assign(before.get(found.key) ?? {}, found, { parent });
    app.views.set(view.key, view);
    view.kids = found.kids.map((kid) => settled(kid, view));
    return view;
  };
  return settled(root, null);
}

/** Where one step up (-1) or down (+1) leads: over a row, into a group, or out of one. */
function stepTarget(app, view, step) {
  const { parent } = view;
  if (!parent || lockOf(app, parent)) return null;
  const index = view.path[view.path.length - 1];
  const beside = parent.kids[index + step];
  if (beside?.node.kind === "group" && !whyNotInto(app, view, beside))
    return { parent: beside.path, index: step < 0 ? beside.kids.length : 0 };
  if (beside) return { parent: parent.path, index: step < 0 ? index - 1 : index + 2 };
  if (!parent.parent) return null;
  const at = parent.path[parent.path.length - 1];
  return { parent: parent.parent.path, index: step < 0 ? at : at + 1 };
}

/** Why a node cannot become a member of a group; "" where it can. */
function whyNotInto(app, view, group) {
  const { deepest = 32 } = app.catalog.limits || {};
  for (let up = group; up; up = up.parent) if (up === view) return "A group cannot go into itself";
  if (lockOf(app, group)) return `${group.parent ? "Group " + placeOf(group) : "The segment"} is locked`;
  return group.path.length + 1 + heightOf(view) > deepest ? `Groups nest at most ${deepest} deep` : "";
}
