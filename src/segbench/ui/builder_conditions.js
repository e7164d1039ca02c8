// Conditions on the properties of an event, and the rarer settings of any comparison.

/** Conditions on the same event, a line each. `ctx.rule` is what has them in its `where`. */
function conditionLines(ctx, properties) {
  const { app, rule, key, where } = ctx;
  const conditions = rule.where || [];
  const keep = (list, typing) => ctx.put(listed(rule, "where", list), typing);
  return conditions.map((condition, index) => {
    const id = `${key}:where${index}`;
    const put = (made, typing) => keep(replaced(conditions, index, made), typing);
    const leave = () => {
      app.focusNext = [`${key}:where${Math.max(0, index - 1)}:property`, key + ":add-condition", key + ":menu"];
      keep(without(conditions, index));
    };
    const inner = { app, key: id, where: `condition ${index + 1} of ${where}`, rule: condition, put, peers: properties };
    return conditionLine(inner, properties, index ? "and" : "where", leave);
  });
}

function conditionLine(ctx, properties, lead, leave) {
  const { app, rule, key, where, put } = ctx;
  const property = properties.find((known) => known.name === rule.field);
  ctx.operators = operatorsOf(app, "field", property?.type).filter((row) => !row.ranked);
  const pairs = properties.map((known) => [known.name, known.label || known.name]);
  const choose = (name) => {
    const made = firstCondition(app, properties.find((known) => known.name === name));
    for (const kept of ["negated", "enabled", "note", "locked"]) if (kept in rule) made[kept] = rule[kept];
    put(made);
  };
  const off = rule.enabled === false;
  const items = [
    ["enable", off ? "Switch on" : "Switch off", () => put(toggled(rule, "enabled", off, true))],
    noteItem(ctx),
    ...comparisonItems(rule, property?.type, "Events without a value", put),
  ];
  return h(
    "div",
    { key, class: off ? "sb-condition sb-off" : "sb-condition", role: "group", "aria-label": where },
    h("span", { key: "lead", class: "sb-word" }, lead),
    notMark(rule),
    selectBox(key + ":property", "Property, " + where, pairs, rule.field, choose),
    operatorEditor(ctx, (op) => put(compared(rule, ctx.operators, op))),
    h("span", { key: "value", class: "sb-value" }, valueEditor(ctx, property), badges(rule)),
    notButton(key, where, rule.negated, () => put(toggled(rule, "negated", !rule.negated, false))),
    menuButton(app, key, where, items.filter(Boolean)),
    iconButton(key + ":delete", "Delete " + where, "close", leave),
    noteLine(ctx),
  );
}

function addCondition(ctx, properties) {
  const conditions = ctx.rule.where || [];
  ctx.app.focusNext = [`${ctx.key}:where${conditions.length}:property`];
  ctx.put({ ...ctx.rule, where: [...conditions, firstCondition(ctx.app, properties[0])] });
}

/** Case, and where those without a value go. */
function comparisonItems(rule, type, title, put) {
  const unknown = rule.unknown ?? "default";
  const out = rule.op === "is_empty" && unknown !== "exclude" ? [] : [["exclude", "Leave them out"]];
  const empties = [["default", "As the operator says"], ["include", "Include them"], ...out];
  const cased = ["text", "list"].includes(type) || rule.match_case;
  return [
    cased && ["case", "Match case", () => put(toggled(rule, "match_case", !rule.match_case, false)), { checked: Boolean(rule.match_case) }],
    title,
    ...empties.map(([value, label]) => ["unknown-" + value, label, () => put(toggled(rule, "unknown", value, "default")), { checked: unknown === value }]),
  ];
}

/** Whose days and hours are meant, where the contacts' time zones are known. */
function clockItems(app, rule, asksTime, put) {
  const own = rule.clock === "contact";
  if (!own && !(asksTime && app.catalog.contact_zone)) return [];
  const set = (value) => put(toggled(rule, "clock", value, "workspace"));
  return [
    "Days and hours",
    ["clock-workspace", "As here", () => set("workspace"), { checked: !own }],
    ["clock-contact", "As where the contact is", () => set("contact"), { checked: own }],
  ];
}

function badges(rule, told = false) {
  const empties = { include: "empty included", exclude: "empty left out" }[rule.unknown];
  const words = [rule.match_case && "match case", !told && empties, rule.clock === "contact" && "contact’s own time"];
  return words.filter(Boolean).map((text) => h("span", { key: text, class: "sb-badge" }, text));
}

function noteItem(ctx) {
  const { app, rule, key } = ctx;
  if (rule.note) return ["note", "Remove the note", () => writeNote(ctx, "")];
  const open = () => {
    app.noting.add(key);
    app.focusNext = [key + ":note"];
    draw(app);
  };
  return ["note", "Add a note", open];
}

function writeNote(ctx, note, typing) {
  if (!note && !typing) ctx.app.noting.delete(ctx.key);
  if (ctx.putNote) ctx.putNote(note, typing);
  else ctx.put(toggled(ctx.rule, "note", note, ""), typing);
}

/** The note on a row, a condition or a group, as a line of its own. */
function noteLine(ctx) {
  const { app, rule, key, where } = ctx;
  if (!rule.note && !app.noting.has(key)) return null;
  const id = key + ":note";
  const text = h("textarea", {
    key: id,
    "data-id": id,
    class: "sb-note-text",
    rows: "1",
    maxlength: String(app.catalog.limits?.text ?? 10000),
    placeholder: "why this is here…",
    "aria-label": "Note, " + where,
    value: rule.note ?? "",
    oninput: (e) => {
      app.noting.add(key);
      writeNote(ctx, e.target.value, true);
    },
    onblur: () => app.drawing || app.noting.delete(key),
  });
  return h("div", { key: "note", class: "sb-note-line" }, icon("note"), text);
}
