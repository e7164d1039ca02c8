// The page: how many it holds, the tree, and the sentence.

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
