// How often something happened, and figures taken from events.

/** How often and when. */
function eventEditor(ctx) {
  const { app, rule, key, where } = ctx;
  const shape = operatorIn(app, "event", operatorOf(rule))?.shape;
  const times = shape === "one" ? 1 : shape === "two" ? 2 : 0;
  const slots = app.partial.get(key) || [0, 1].map((index) => rule.values?.[index] ?? "");
  const keepTimes = (index) => (v) => {
    const all = replaced(slots.slice(0, times), index, v);
    const whole = !all.includes("");
    if (whole) app.partial.delete(key);
    else app.partial.set(key, all);
    ctx.put({ ...rule, values: whole ? all : [] }, true);
  };
  const names = times === 2 ? ["Fewest times", "Most times"] : ["Times"];
  const inputs = names.slice(0, times).map((name, index) =>
    numberInput(ctx, `${key}:times${index}`, slots[index] ?? "", keepTimes(index), { "aria-label": `${name}, ${where}`, min: "0", step: "1" }),
  );
  if (times === 2) inputs.splice(1, 0, word("to"));
  return [times > 0 && together("times", inputs, word("times")), whenEditor(ctx)];
}

/** Which property, when, and how the figure is compared. */
function measureEditor(ctx) {
  const { app, rule, key, where } = ctx;
  const measure = operatorIn(app, "measure", rule.op);
  const asks = measure && !measure.figures[""];
  const pairs = fittingProperties(app, rule, measure).map((known) => [known.name, known.label || known.name]);
  const choose = (name) => ctx.put(measured(app, { ...rule, property: name }, rule.op, figureOf(app, rule)));
  const first = rule.property ? pairs : [["", "choose a property…"], ...pairs];
  return [
    (asks || rule.property) && selectBox(key + ":property", "Property, " + where, first, rule.property ?? "", choose),
    whenEditor(ctx),
    figureEditor(ctx),
  ];
}

function figureEditor(ctx) {
  const { app, rule, key, where } = ctx;
  const figure = figureOf(app, rule);
  if (!figure) return null;
  const put = (compare, typing) => ctx.put({ ...rule, compare }, typing);
  const inner = { app, key: key + ":figure", where: "figure of " + where, rule: rule.compare || {}, put, operators: figure.operators };
  const own = figure.property?.type === figure.type ? figure.property : null;
  const definition = { type: figure.type, choices: own?.choices || [] };
  return h(
    "span",
    { key: "figure", class: "sb-figure" },
    operatorEditor(inner, (op) => put(compared(inner.rule, figure.operators, op))),
    valueEditor(inner, definition),
    badges(inner.rule),
  );
}

/** What is below the line of an event: other events, conditions, and since when it counts. */
function eventDetails(ctx) {
  const { rule, key, where, app } = ctx;
  const properties = propertiesOf(app, rule);
  const buttons = [
    properties.length > 0 && smallButton(key + ":add-condition", "Add condition", where, () => addCondition(ctx, properties)),
    smallButton(key + ":add-also", "Or another event", where, () => addAlso(ctx)),
    smallButton(key + ":add-since", rule.since?.length ? "Or since the last…" : "Since the last…", where, () => addSince(ctx)),
  ];
  return h(
    "div",
    { key: "where", class: "sb-conditions" },
    rule.also?.length > 0 && h("div", { key: "also", class: "sb-condition" }, alsoControls(ctx)),
    conditionLines(ctx, properties),
    sinceSteps(ctx),
    h("div", { key: "adds", class: "sb-adds" }, buttons),
  );
}

function eventSelect(app, id, name, current, act) {
  const pairs = (app.catalog.events || []).map((event) => [event.name, event.label || event.name]);
  return selectBox(id, name, current ? pairs : [["", "choose an event…"], ...pairs], current ?? "", act, { class: "sb-select sb-event" });
}

/** The other events that are counted together with the first. */
function alsoControls(ctx) {
  const { app, rule, key, where } = ctx;
  const also = rule.also || [];
  const keep = (list) => ctx.put(listed(rule, "also", list));
  return also.map((name, index) => {
    const id = `${key}:also${index}`;
    const leave = () => {
      app.focusNext = [`${key}:also${Math.max(0, index - 1)}`, key + ":add-also", key + ":menu"];
      keep(without(also, index));
    };
    const select = eventSelect(app, id, `Other event ${index + 1}, ${where}`, name, (chosen) => keep(replaced(also, index, chosen)));
    return labelled("or", select, iconButton(id + ":delete", `Delete other event ${index + 1}, ${where}`, "close", leave));
  });
}

function addAlso(ctx) {
  const also = ctx.rule.also || [];
  ctx.app.focusNext = [`${ctx.key}:also${also.length}`];
  ctx.put({ ...ctx.rule, also: [...also, ""] });
}

function addSince(ctx) {
  const since = ctx.rule.since || [];
  ctx.app.focusNext = [`${ctx.key}:since${since.length}:event`];
  ctx.put({ ...ctx.rule, since: [...since, { event: "" }] });
}

function sinceSteps(ctx) {
  const { app, rule, key, where } = ctx;
  const since = rule.since || [];
  const keep = (list, typing) => ctx.put(listed(rule, "since", list), typing);
  return since.map((step, index) => {
    const id = `${key}:since${index}`;
    const put = (made, typing) => keep(replaced(since, index, made), typing);
    const leave = () => {
      app.focusNext = [`${key}:since${Math.max(0, index - 1)}:event`, key + ":add-since"];
      keep(without(since, index));
    };
    const inner = { app, key: id, where: `since ${index + 1} of ${where}`, rule: step, put };
    return stepView(inner, index ? "or the last" : "since the last", [], leave);
  });
}
