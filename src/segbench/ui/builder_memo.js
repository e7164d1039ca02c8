// What is drawn again: only rows and heads of groups whose facts differ from those they were drawn
// with. A description that is the same object as before is not patched.

/** The description made from these facts, the one from before where all of them are the same. */
function memo(app, key, facts, make) {
  const old = app.memos.get(key);
  if (old && old.facts.length === facts.length && old.facts.every((fact, at) => fact === facts[at])) return old.made;
  const made = make();
  app.memos.set(key, { facts, made });
  return made;
}

/** What an analyst touched may show something else than was drawn: it is drawn anew. */
function forgetTouched(app, target) {
  const node = target instanceof Element && target.closest("[data-node]");
  if (node) forget(app, node.dataset.node);
}

function forget(app, key) {
  app.memos.delete(key);
  app.memos.delete(key + ":head");
}

/** All that is known of a node besides its data: open lists, notes begun, texts half typed. */
function ownFacts(app, view) {
  const { key } = view;
  const own = (id) => id === key || id.startsWith(key + ":");
  const partial = [...app.partial].filter(([id]) => own(id));
  const sets = [app.custom, app.unfolded, app.noting].map((ids) => [...ids].filter(own).join(" "));
  return [own(app.open?.id ?? "") ? app.open : null, app.collapsed.has(key), app.picked.has(key), app.shown === key, JSON.stringify(partial), ...sets];
}

/** All that the row or the head of a group shows, as values that can be compared. */
function factsOf(app, view, node) {
  const { kids } = view;
  const own = node.kind === "group" ? looks({ ...node, rules: [] }) : looks(node);
  const { many, deep } = limitsOf(app, view);
  return [
    app.catalog,
    placeOf(view),
    own,
    kids.length,
    lockOf(app, view),
    locksInside(app, view),
    stepTarget(app, view, -1) === null,
    stepTarget(app, view, 1) === null,
    canPair(app, view),
    many + deep,
    // The issues of a group stand below its head.
    node.kind === "group" || app.unsure.has(view.key) + JSON.stringify(issuesOf(app, view)),
    JSON.stringify(view.parent ? numbersOf(app, view, node) : null),
    spanOf(app, view),
    ...ownFacts(app, view),
  ];
}
