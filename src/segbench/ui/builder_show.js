// Showing a row that something else on the page speaks of.

const SHOWN = 4000;

/** Unfolds the groups around the node at a path, gives it the focus and marks it for a while. */
function showNode(app, path) {
  if (!Array.isArray(path)) return;
  const place = path.join(".");
  const view = [...app.views.values()].find((one) => one.parent && one.path.join(".") === place);
  if (!view) return;
  for (let up = view.parent; up; up = up.parent) app.collapsed.delete(up.key);
  app.open = null;
  app.shown = view.key;
  app.focusNext = [view.key + ":handle", handleOf(app, view)];
  // Nothing inside a locked group takes the focus.
  for (let up = view.parent; up; up = up.parent) app.focusNext.push(up.key + ":lock");
  draw(app);
  elementOf(app, view)?.scrollIntoView({ block: "center" });
  say(app, nameOf(view));
  clearTimeout(app.showing);
  app.showing = setTimeout(() => {
    app.shown = "";
    draw(app);
  }, SHOWN);
}
