// The numbers of a row or a group: what it holds by itself, and what it does to its group.

/** What is shown of a node's numbers, as plain values. */
function numbersOf(app, view, node) {
  const numbers = app.state.nodes?.[view.path.join(".")] || {};
  const whole = app.state.contacts || 0;
  if (numbers.alone === undefined || numbers.alone === null) {
    return { why: node.enabled === false ? "off" : willBeCounted(app, view) ? "counting…" : "not counted" };
  }
  const or = nodeOf(app, view.parent).combinator === "or";
  const { after = null } = numbers;
  const change = after === null ? null : after - beforeIn(app, view, or ? 0 : whole);
  const delta = app.marked?.nodes[view.path.join(".")] || 0;
  return { alone: numbers.alone, after, change, left: or ? "so far" : "left", delta, whole };
}

/** How many there were before this row: after the last counted one above it, or at the start. */
function beforeIn(app, view, start) {
  for (let index = view.path.at(-1) - 1; index >= 0; index -= 1) {
    const after = app.state.nodes?.[[...view.parent.path, index].join(".")]?.after;
    if (after !== undefined && after !== null) return after;
  }
  return start;
}

function numbersView(app, view, node) {
  const { why, alone, after, change, left, delta, whole } = numbersOf(app, view, node);
  if (why) return h("span", { key: "numbers", class: "sb-numbers" }, h("span", { class: "sb-uncounted" }, why));
  const part = whole ? Math.min(100, (100 * alone) / whole) : 0;
  const effect = `${signed(change ?? 0)} by this ${node.kind === "group" ? "group" : "row"}`;
  return h(
    "span",
    { key: "numbers", class: "sb-numbers" },
    h(
      "span",
      { class: "sb-alone", title: `${plural(alone, "contact")} by itself: ${share(alone, whole)}` },
      h("span", null, number.format(alone), h("span", { class: "sb-unseen" }, " by itself, ")),
      h("span", { class: "sb-bar", "aria-hidden": "true" }, part > 0 && h("span", { class: "sb-bar-part", style: `width: ${part}%` })),
    ),
    deltaView(delta),
    h(
      "span",
      { key: "after", class: "sb-after" },
      after !== null && h("span", null, `→ ${number.format(after)} ${left}`),
      after !== null && h("span", { key: "effect", class: "sb-effect", title: effect }, h("span", { class: "sb-unseen" }, ", "), signed(change)),
    ),
  );
}

function signed(by) {
  return by > 0 ? `+${number.format(by)}` : by < 0 ? `−${number.format(-by)}` : "±0";
}

function willBeCounted(app, view) {
  if (app.unsure.has(view.key)) return true;
  return isCounting(app) && !issuesOf(app, view).some((issue) => issue.level !== "warning");
}

/** The days that the window of a row means; nothing while the row is about to mean others. */
function spanOf(app, view) {
  return app.unsure.has(view.key) ? "" : app.state.spans?.[view.path.join(".")] ?? "";
}
