// The page: how many it holds, the tree, and the sentence.

function pageView(app) {
  const { state } = app;
  const old = awaiting(app);
  const sentence = old && state.status === "empty" ? "…" : state.sentence || "";
  const words = h("p", { key: "words", class: old ? "sb-words sb-stale" : "sb-words" }, h("strong", null, "In words: "), sentence);
  return [headView(app), groupView(app, app.root), pickedView(app), words].filter(Boolean);
}

function headView(app) {
  const { state } = app;
  const whole = state.contacts || 0;
  const total = state.total || 0;
  const counting = isCounting(app);
  const failed = state.status === "error";
  // Before the first count there is no number: 0 would be one.
  const unknown = counting && !total && !Object.keys(state.nodes || {}).length;
  const width = number.format(whole).length;
  const off = (able) => (able ? undefined : "true");
  const held = lockOf(app, app.root) || locksInside(app, app.root);
  const clearing = { title: held ? "Something is locked: unlock it first" : "Clear: take all filters away", "aria-disabled": off(app.root.kids.length && !held) };
  const part = whole ? Math.min(100, (100 * total) / whole) : 0;
  return h(
    "div",
    { key: "head", class: "sb-head" },
    h(
      "div",
      { class: failed ? "sb-total sb-grey" : counting ? "sb-total sb-stale" : "sb-total" },
      h("span", { class: "sb-big", style: `min-width: ${width}ch` }, unknown ? "…" : number.format(total)),
      h(
        "span",
        { class: "sb-share" },
        shareView(app, unknown),
        h("span", { key: "as-of", class: "sb-as-of" }, state.as_of ? `As of ${state.as_of}` : "", h("span", { class: counting ? "sb-updating" : "sb-updating sb-hidden" }, "updating…")),
      ),
      h("span", { class: "sb-bar", "aria-hidden": "true" }, part > 0 && h("span", { class: "sb-bar-part", style: `width: ${part}%` })),
    ),
    h(
      "div",
      { class: "sb-tools", role: "group", "aria-label": "History" },
      iconButton("undo", "Undo", "undo", () => wholeTree(app, "undo"), { title: "Undo (Ctrl+Z)", "aria-disabled": off(state.can_undo) }),
      iconButton("redo", "Redo", "redo", () => wholeTree(app, "redo"), { title: "Redo (Ctrl+Shift+Z)", "aria-disabled": off(state.can_redo) }),
      iconButton("clear", "Clear", "clear", () => wholeTree(app, "clear"), clearing),
    ),
    failed && messageView("failed", "error", state.message || "The count failed.", counting),
    !failed && state.message && messageView("message", "hint", state.message, counting),
    app.refused && messageView("refused", "warning", app.refused),
  );
}

/** What a tree without a rule that counts holds: nobody or, of a smart list, everybody. */
function withoutRules(state) {
  return state.everybody ? "Everybody: there is no filter" : "Holds nobody: add a filter";
}

function shareView(app, unknown) {
  const { state } = app;
  const whole = state.contacts || 0;
  if (unknown) return h("strong", { key: "counting", "data-counting": true }, "Counting…");
  if (state.status === "empty") return h("strong", { key: "none" }, withoutRules(state));
  return h("span", { key: "share" }, h("strong", null, share(state.total || 0, whole)), ` of ${plural(whole, "contact")}`, deltaView(app.marked?.segment));
}

/** How much new data has changed a number, with its sign. */
function deltaView(by) {
  if (!by) return null;
  const text = by > 0 ? `+${number.format(by)}` : `−${number.format(-by)}`;
  return h("span", { key: "delta", class: "sb-delta", title: "Changed by new data" }, text);
}

/** What is said of an older tree keeps its place, and is not seen. */
function messageView(key, level, text, old = false) {
  return h("div", { key, class: `sb-message sb-${level}` + (old ? " sb-hidden" : ""), role: level === "hint" ? "note" : "alert" }, icon(level), h("span", null, text));
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
    { key: "issues", class: app.unsure.has(view.key) ? "sb-issues sb-hidden" : "sb-issues" },
    issues.map((issue) => h("li", { class: "sb-issue sb-" + issue.level }, icon(issue.level in words ? issue.level : "hint"), h("span", null, h("strong", null, words[issue.level] || ""), issue.message))),
  );
}
