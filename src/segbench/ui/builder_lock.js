// Locks: what is locked is shown as it is, and nothing in it reacts but the lock itself.

/** "own" where the node is locked itself, "above" where a group around it is, else "". */
function lockOf(app, view) {
  for (let up = view.parent; up; up = up.parent) if (nodeOf(app, up).locked) return "above";
  return nodeOf(app, view).locked ? "own" : "";
}

/** Whether something inside the node is locked, so that it cannot be deleted. */
function locksInside(app, view) {
  return view.kids.some((kid) => Boolean(nodeOf(app, kid).locked) || locksInside(app, kid));
}

function lockButton(app, view, node, where) {
  const lock = lockOf(app, view);
  const above = lock === "above";
  const id = view.key + ":lock";
  const around = above && lockedAround(app, view);
  const title = above ? `Locked with ${around}` : lock ? "Unlock: let it be changed" : "Lock: keep it as it is";
  return h(
    "button",
    {
      key: id,
      "data-id": id,
      "data-free": !above,
      class: lock ? "sb-button sb-button-icon sb-lock sb-lock-on" : "sb-button sb-button-icon sb-lock",
      "aria-pressed": String(Boolean(lock)),
      "aria-label": "Locked, " + where,
      title,
      onclick: () => turnLock(app, view.key),
    },
    icon(lock ? "locked" : "unlocked"),
  );
}

function lockedAround(app, view) {
  let found = null;
  for (let up = view.parent; up; up = up.parent) if (nodeOf(app, up).locked) found = up;
  return found.parent ? "group " + placeOf(found) : "the segment";
}

function turnLock(app, key) {
  const view = viewOf(app, key);
  if (!view || lockOf(app, view) === "above") return;
  const node = nodeOf(app, view);
  const on = !node.locked;
  for (const each of everyView(view)) app.picked.delete(each.key);
  app.open = null;
  const kind = node.kind === "group" ? "Group" : "Row";
  say(app, `${view.parent ? `${kind} ${placeOf(view)}` : "The segment"} is ${on ? "locked" : "unlocked"}`);
  change(app, key, toggled(node, "locked", on, false), "lock", { on });
}

/** The description with every control switched off, but those that work on a locked node too. */
function frozen(made) {
  const waiting = [made];
  while (waiting.length) {
    const each = waiting.pop();
    if (Array.isArray(each)) waiting.push(...each);
    if (!each || typeof each !== "object" || !each.tag) continue;
    if (CONTROLS.has(each.tag) && !each.props["data-free"]) each.props.disabled = true;
    waiting.push(...each.kids);
  }
  return made;
}

/** The description as it is, or frozen where the node is locked. */
function underLock(app, view, made) {
  return lockOf(app, view) ? frozen(made) : made;
}
