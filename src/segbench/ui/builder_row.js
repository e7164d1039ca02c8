// Rows: what a rule asks, its numbers, and what can be done with it.

/** A rule on a line: what it asks about, how, and with which values; its details below. */
function rowView(app, view) {
  const rule = nodeOf(app, view);
  return memo(app, view.key, factsOf(app, view, rule), () => underLock(app, view, freshRow(app, view, rule)));
}

function freshRow(app, view, rule) {
  const { key } = view;
  const where = "row " + placeOf(view);
  const definition = definitionOf(app, rule);
  const operators = operatorsOf(app, rule.kind, definition?.type);
  const noting = (note, typing) => putNote(app, key, nodeOf(app, view), note, typing);
  const ctx = { app, key, where, rule, operators, peers: app.catalog.fields, put: (made, typing) => put(app, key, made, typing), putNote: noting };
  const classes = ["sb-row", rule.enabled === false && "sb-off", lockOf(app, view) && "sb-locked", app.picked.has(key) && "sb-picked-node", app.shown === key && "sb-shown"];
  return h(
    "div",
    { key, class: classes.filter(Boolean).join(" "), role: "group", "aria-label": "Row " + placeOf(view), "data-node": key },
    h("div", { class: "sb-line" }, handleView(app, view, where), h("span", { key: "place", class: "sb-place" }, placeOf(view)), askView(ctx, view, definition), sideView(ctx, view, definition)),
    detailsView(ctx, definition),
    noteLine(ctx),
    issuesView(app, view),
  );
}

function askView(ctx, view, definition) {
  const { app, key, rule } = ctx;
  const chosen = rule.kind !== "field" || rule.field;
  const note = missingNote(app, view, rule, definition);
  const pick = (op, subject) => {
    app.partial.delete(key);
    const other = subject === rule.kind ? {} : { subject };
    change(app, key, underOperator(app, rule, definition?.type, subject, op), "operator", { op, ...other });
  };
  return h(
    "div",
    { class: "sb-ask" },
    notMark(rule),
    subjectPicker(ctx, definition, (subject, name) => chooseSubject(app, view, subject, name)),
    chosen && operatorEditor(ctx, pick),
    h("span", { key: "value", class: "sb-value" }, chosen && subjectEditor(ctx, definition), badges(rule, Boolean(note)), spanView(app, view), note),
  );
}

function sideView(ctx, view, definition) {
  const { app, key, where, rule } = ctx;
  return h(
    "div",
    { class: "sb-side" },
    numbersView(app, view, rule),
    h(
      "span",
      { key: "acts", class: "sb-acts" },
      notButton(key, where, rule.negated, () => flip(app, view, "negate")),
      switchView(app, view, rule, where),
      stepButtons(app, view, where),
      lockButton(app, view, rule, where),
      deleteButton(app, view, where),
      menuButton(app, key, where, [...moveItems(app, view), noteItem(ctx), ...optionItems(ctx, definition)]),
    ),
  );
}

function definitionOf(app, rule) {
  const { fields = [], prebuilt = [], segments = [] } = app.catalog;
  if (rule.kind === "field") return fields.find((field) => field.name === rule.field);
  if (rule.kind === "event" || rule.kind === "measure") return eventNamed(app, rule.event);
  if (rule.kind === "prebuilt") return prebuilt.find((row) => row.key === rule.prebuilt);
  if (rule.kind === "segment") return segments.find((segment) => segment.name === rule.segment);
  return { label: { tag: "Tags", sequence: "Sequence of events", sample: "Random sample" }[rule.kind] };
}

function subjectEditor(ctx, definition) {
  switch (ctx.rule.kind) {
    case "tag":
      return tagEditor(ctx);
    case "event":
      return eventEditor(ctx);
    case "measure":
      return measureEditor(ctx);
    case "sequence":
      return sequenceEditor(ctx);
    case "prebuilt":
      return paramsEditor(ctx, definition);
    case "sample":
      return sampleEditor(ctx);
    case "segment":
      return null;
    default:
      return valueEditor(ctx, definition);
  }
}

function detailsView(ctx, definition) {
  const { kind } = ctx.rule;
  if (kind === "event" || kind === "measure") return eventDetails(ctx);
  if (kind === "sequence") return stepsEditor(ctx);
  return kind === "prebuilt" ? moreParams(ctx, definition) : null;
}

function tagEditor(ctx) {
  const { app, rule } = ctx;
  const chips = chipsEditor(ctx, rule.tags || [], app.catalog.tags || [], "tag", (tags) => ctx.put({ ...rule, tags }));
  return [chips, (app.catalog.tag_times || rule.window) && whenEditor(ctx, "given")];
}

/** Says where contacts without a value go. Until the row is finished it only keeps its place. */
function missingNote(app, view, rule, definition) {
  const missing = rule.kind === "field" && definition ? app.catalog.contacts - definition.known : 0;
  const op = missing > 0 && operatorsOf(app, "field", definition.type).find((row) => row.key === operatorOf(rule));
  if (!op || rule.other || ["is_empty", "is_not_empty"].includes(op.key)) return null;
  const included = holdsMissing(rule, op.negative) ? "included" : "left out";
  const waiting = issuesOf(app, view).some((issue) => issue.level !== "warning");
  return h("span", { key: "missing", class: waiting ? "sb-missing sb-hidden" : "sb-missing" }, `${number.format(missing)} without a value: ${included}`);
}

/** The days that a window such as "in the last 30 days" means now. */
function spanView(app, view) {
  const span = spanOf(app, view);
  return span && h("span", { key: "span", class: "sb-missing sb-span" }, span);
}

function holdsMissing(rule, negative) {
  const held = rule.unknown === "include" || (negative && rule.unknown !== "exclude");
  // NOT is the complement of the row with all it says.
  return Boolean(held) !== Boolean(rule.negated);
}

/** The rarer settings of a row, for its menu. */
function optionItems(ctx, definition) {
  const { app, rule, put } = ctx;
  const items = [];
  if (rule.kind === "field" && rule.field) items.push(...comparisonItems(rule, definition?.type, "Contacts without a value", put));
  const figure = rule.kind === "measure" && figureOf(app, rule);
  if (figure) items.push(...figureItems(rule, figure, put));
  const asksTime = HAPPENED.includes(rule.kind) || (rule.kind === "tag" && rule.window) || DAY_TYPES.includes(definition?.type);
  return [...items, ...clockItems(app, rule, asksTime, put)].filter(Boolean);
}

/** A figure that is 0 where nothing happened is never missing. */
function figureItems(rule, figure, put) {
  const { unknown } = rule.compare;
  const missing = unknown || figure.operators.some((row) => row.key === "is_empty");
  const items = comparisonItems(rule.compare, figure.type, "Contacts without a figure", (compare) => put({ ...rule, compare }));
  return missing ? items : items.slice(0, 1);
}

function chooseSubject(app, view, subject, name) {
  const { catalog } = app;
  const old = nodeOf(app, view);
  const kept = {};
  for (const flag of ["negated", "enabled", "note", "locked"]) if (flag in old) kept[flag] = old[flag];
  const field = catalog.fields?.find((known) => known.name === name);
  const params = catalog.prebuilt?.find((row) => row.key === name)?.params || [];
  const made = {
    field: { field: name, ...firstComparison(operatorsOf(app, "field", field?.type)) },
    tag: { op: operatorsOf(app, "tag")[0]?.key ?? "", tags: name ? [name] : [] },
    event: { event: name, window: windowFor("last") },
    sequence: { steps: [{ event: name }, { event: "" }] },
    prebuilt: { prebuilt: name, params: Object.fromEntries(params.map((param) => [param.name, param.default])) },
    segment: { segment: name },
    sample: { low: 0, high: 10 },
  }[subject];
  app.partial.delete(view.key);
  change(app, view.key, { kind: subject, ...made, ...kept }, "choose", { subject, name });
}
