// What the catalogue says of operators, and a row under another one, as Python makes it.

const HAPPENED = ["event", "measure", "sequence"];
const FIRST_OPERATORS = { event: "did", segment: "is_in", prebuilt: "is_in", sequence: "in_order", sample: "is_in" };
const DAY_TYPES = ["date", "datetime"];

function operatorsOf(app, kind, type) {
  const all = app.catalog.operators || {};
  return (kind === "field" ? all.field?.[type] : all[kind]) || [];
}

function operatorOf(rule) {
  return rule.op ?? FIRST_OPERATORS[rule.kind] ?? "";
}

function operatorIn(app, kind, key) {
  return operatorsOf(app, kind).find((row) => row.key === key);
}

function eventNamed(app, name) {
  return (app.catalog.events || []).find((event) => event.name === name);
}

/** The properties of the events of a step; of those with one name the first. */
function propertiesOf(app, step) {
  const found = new Map();
  for (const name of [step.event, ...(step.also || [])]) {
    for (const property of eventNamed(app, name)?.properties || []) {
      if (!found.has(property.name)) found.set(property.name, property);
    }
  }
  return [...found.values()];
}

/** What a figure is and what compares it: {type, operators}, nothing where its property is unknown. */
function figureOf(app, rule) {
  const measure = operatorIn(app, "measure", rule.op);
  const property = eventNamed(app, rule.event)?.properties.find((known) => known.name === rule.property);
  const figure = measure?.figures[measure.figures[""] ? "" : property?.type];
  if (!figure) return null;
  const fitting = operatorsOf(app, "field", figure.type).filter((row) => figure.operators.includes(row.key));
  return { type: figure.type, operators: fitting, property };
}

function fittingProperties(app, rule, measure) {
  const properties = eventNamed(app, rule.event)?.properties || [];
  return properties.filter((property) => measure?.figures[property.type]);
}

/** A window of that kind, as near to the given one as may be. */
function windowFor(kind, window) {
  if (window?.kind === kind) return window;
  const amount = window?.amount ?? window?.most ?? 30;
  const unit = window?.unit && window.unit !== "days" ? { unit: window.unit } : {};
  return {
    last: { kind, amount, ...unit },
    next: { kind, amount, ...unit },
    ago: { kind, least: amount, most: 2 * amount, ...unit },
    calendar: { kind, period: "day" },
    between: { kind, start: window?.start ?? "", end: window?.end ?? "" },
    since: { kind, start: window?.start ?? "" },
    until: { kind, end: window?.end ?? "" },
  }[kind];
}

/** The first comparison with one of the operators. */
function firstComparison(operators) {
  const [first] = operators;
  return { op: first?.key ?? "", ...(first?.windows.length ? { window: windowFor(first.windows[0]) } : {}) };
}

function firstCondition(app, property) {
  const operators = operatorsOf(app, "field", property?.type).filter((row) => !row.ranked);
  return { kind: "field", field: property?.name ?? "", ...firstComparison(operators) };
}

function underOperator(app, rule, type, subject, key) {
  if (subject !== rule.kind) return turned(app, rule, subject, key);
  if (subject === "event") return { ...eventOnly(rule), op: key, ...timesUnder(app, rule, key) };
  if (subject === "measure") return measured(app, rule, key);
  return subject === "field" ? compared(rule, operatorsOf(app, "field", type), key) : { ...rule, op: key };
}

/** A comparison under another operator: values stay where it takes the same. */
function compared(rule, operators, key) {
  const row = operators.find((known) => known.key === key);
  const old = operators.find((known) => known.key === operatorOf(rule));
  const { values, window, other, ...rest } = rule;
  const made = { ...rest, op: key };
  if (key === "is_empty" && made.unknown === "exclude") delete made.unknown;
  if (other && row?.by_field) return { ...made, other };
  if (!other && values && old?.shape === row?.shape && old?.takes === row?.takes) made.values = values;
  if (row?.windows.length) made.window = row.windows.includes(window?.kind) ? window : windowFor(row.windows[0], window);
  return made;
}

function timesUnder(app, rule, key) {
  const [old, now] = [operatorOf(rule), key].map((name) => operatorIn(app, "event", name)?.shape);
  if (old === now && rule.kind === "event") return rule.values ? { values: rule.values } : {};
  return now === "one" ? { values: [1] } : now === "two" ? { values: [1, 5] } : {};
}

function eventOnly({ values: _, ...rest }) {
  return rest;
}

function measured(app, rule, key, before = rule.op && figureOf(app, rule)) {
  const measure = operatorIn(app, "measure", key);
  const fitting = fittingProperties(app, rule, measure);
  const kept = measure?.figures[""] ? "" : rule.property ?? "";
  const name = (fitting.find((property) => property.name === rule.property) || fitting[0])?.name ?? kept;
  const made = toggled({ ...rule, op: key }, "property", name, "");
  const now = figureOf(app, made);
  const same = before && now && before.type === now.type && now.operators.some((row) => row.key === rule.compare?.op);
  if (!same) return { ...made, compare: firstComparison(now?.operators || []) };
  const { unknown, ...compare } = rule.compare;
  const heldEmpty = unknown && now.operators.some((row) => row.key === "is_empty");
  return { ...made, compare: heldEmpty ? { ...compare, unknown } : compare };
}

/** The events of the row asked in another way: how often, which figure, or what came then. */
function turned(app, rule, subject, key) {
  const shared = {};
  for (const name of ["window", "clock", "note", "negated", "enabled", "locked"]) if (name in rule) shared[name] = rule[name];
  const first = stepOf(rule.kind === "sequence" ? rule.steps?.[0] || { event: "" } : rule);
  if (subject === "sequence") return { kind: subject, steps: [first, { event: "" }], op: key, ...shared };
  const since = rule.since ? { since: rule.since } : {};
  if (subject === "event") return { kind: subject, ...first, ...since, op: key, ...timesUnder(app, {}, key), ...shared };
  return measured(app, { kind: subject, ...first, ...since, ...shared }, key);
}

function stepOf({ event, where, also }) {
  return { event, ...(where ? { where } : {}), ...(also ? { also } : {}) };
}
