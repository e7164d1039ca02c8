// What buttons, menus and keys do to rows and groups.

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
      app.focusNext = [next && handleOf(app, next), parent.key + ":add"];
      return;
    }
  });
}

/** The id of the control that stands for a node when it gets the focus. */
function handleOf(app, view) {
  if (lockOf(app, view) === "own") return view.key + ":lock";
  return view.key + (view.node.kind === "group" ? ":collapse" : ":subject");
}

function cloneNode(app, view) {
  const { key } = view.parent;
  edit(app, view.key, "clone", {}, () => {
    const at = viewOf(app, view.key)?.path.at(-1) ?? -1;
    const made = viewOf(app, key)?.kids[at + 1];
    if (made) app.focusNext = [handleOf(app, made)];
  });
}

function ungroup(app, view) {
  const first = view.kids[0];
  edit(app, view.key, "unwrap", {}, () => {
    if (first) app.focusNext = [handleOf(app, first)];
  });
}

function moveNode(app, key, step) {
  flush(app);
  send(app, () => {
    const view = viewOf(app, key);
    const target = view && !lockOf(app, view) && stepTarget(app, view, step);
    if (!target) {
      if (view) say(app, lockOf(app, view) ? `${nameOf(view)} is locked` : `${nameOf(view)} cannot move ${step < 0 ? "up" : "down"}`);
      return null;
    }
    app.afterShape = () => arrived(app, viewOf(app, key));
    return { edit: "move", path: view.path, ...target };
  });
}

/** Moves or copies the node to child `index` of the group with that key. */
function putNode(app, key, parentKey, index, copies) {
  flush(app);
  app.refused = "";
  send(app, () => {
    const view = viewOf(app, key);
    const parent = viewOf(app, parentKey);
    if (!view || !parent) return null;
    app.afterShape = () => {
      const made = copies ? viewOf(app, parentKey)?.kids[index] : viewOf(app, key);
      if (made) app.focusNext = [made.key + ":handle"];
      arrived(app, made);
    };
    return { edit: copies ? "copy" : "move", path: view.path, parent: parent.path, index };
  });
}

/** Says where a node is now, and shows it. */
function arrived(app, view) {
  if (!view?.parent) return;
  for (let up = view.parent; up; up = up.parent) app.collapsed.delete(up.key);
  const kind = view.node.kind === "group" ? "Group" : "Row";
  const inside = view.parent.parent ? "group " + placeOf(view.parent) : "the segment";
  say(app, `${kind} ${view.path.at(-1) + 1} of ${view.parent.kids.length} in ${inside}`);
}

function nameOf(view) {
  return (view.node.kind === "group" ? "Group " : "Row ") + placeOf(view);
}

function wholeTree(app, name) {
  const active = activeIn(app);
  if (active) active._typed = false;
  flush(app);
  app.refused = "";
  send(app, () => {
    app.memos.clear();
    if (name !== "clear" && !app.state[name === "undo" ? "can_undo" : "can_redo"]) return null;
    app.partial.clear();
    app.afterShape = name === "clear" ? () => (app.focusNext = [app.root.key + ":add"]) : null;
    return { edit: name };
  });
}

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
  if (e.key === "Escape" && !e.defaultPrevented && app.picked.size) dropPicks(app);
  const node = e.altKey && !control && (e.key === "ArrowUp" || e.key === "ArrowDown") && e.target.closest("[data-node]");
  if (node) {
    e.preventDefault();
    if (app.open) app.setOpen(null);
    moveNode(app, node.dataset.node, e.key === "ArrowUp" ? -1 : 1);
  }
}
