// When something happened, or when a date lies.

const PRESETS = [
  ["day", 0, "today"],
  ["day", -1, "yesterday"],
  ["day", 1, "tomorrow"],
  ...["week", "month", "quarter", "year"].flatMap((period) => [
    [period, 0, "this " + period],
    [period, -1, "last " + period],
    [period, 1, "next " + period],
  ]),
];
const WHEN = {
  last: "in the last",
  ago: "some time ago",
  calendar: "today, this week, …",
  between: "between dates",
  since: "since",
  until: "up to",
};

function unitPairs(app, type) {
  const units = app.catalog.units || ["days"];
  const fits = {
    date: (unit) => !["minutes", "hours"].includes(unit),
    length: (unit) => !["months", "years"].includes(unit),
  }[type];
  return (fits ? units.filter(fits) : units).map((unit) => [unit, unit]);
}

/** The controls of a window of any kind. */
function windowEditor(ctx, window, type, keep) {
  switch (window.kind) {
    case "last":
    case "next":
      return lengthEditor(ctx, window, type, keep);
    case "ago":
      return agoEditor(ctx, window, type, keep);
    case "calendar":
      return calendarEditor(ctx, window, keep);
    default:
      return daysEditor(ctx, window, keep);
  }
}

function amountInput(ctx, slot, name, value, keep) {
  const props = { "aria-label": `${name}, ${ctx.where}`, min: "1", step: "1", placeholder: "30" };
  return numberInput(ctx, `${ctx.key}:${slot}`, value || "", (v) => keep(v === "" ? 0 : v), props);
}

function unitSelect(ctx, window, type, keep, slot = "unit") {
  const set = (unit) => keep(toggled(window, "unit", unit, "days"));
  return selectBox(`${ctx.key}:${slot}`, "Unit of time, " + ctx.where, unitPairs(ctx.app, type), window.unit || "days", set);
}

function lengthEditor(ctx, window, type, keep) {
  const set = (amount) => keep({ ...window, amount }, true);
  return [amountInput(ctx, "amount", "Length of time", window.amount, set), unitSelect(ctx, window, type, keep)];
}

function agoEditor(ctx, window, type, keep) {
  const set = (name) => (amount) => keep({ ...window, [name]: amount }, true);
  return [
    amountInput(ctx, "least", "At least", window.least, set("least")),
    labelled("to", amountInput(ctx, "most", "At most", window.most, set("most"))),
    labelled("", unitSelect(ctx, window, type, keep), "ago"),
  ];
}

function calendarEditor(ctx, window, keep) {
  const { app, key, where } = ctx;
  const id = key + ":period";
  const offset = window.offset || 0;
  const known = PRESETS.some(([period, at]) => period === window.period && at === offset);
  const custom = !known || app.custom.has(id);
  const name = (period, at) => `${period} ${at}`;
  const make = (period, at) => toggled({ ...window, period }, "offset", at, 0);
  const choose = (value) => {
    app.custom.delete(id);
    const preset = PRESETS.find(([period, at]) => name(period, at) === value);
    if (preset) return keep(make(preset[0], preset[1]));
    app.custom.add(id);
    return keep(make(window.period, -2));
  };
  const pairs = [...PRESETS.map(([period, at, label]) => [name(period, at), label]), ["custom", "another …"]];
  const select = selectBox(id, "Period, " + where, pairs, custom ? "custom" : name(window.period, offset), choose);
  return custom ? [select, ...offsetEditor(ctx, window, offset, make, keep)] : [select];
}

function offsetEditor(ctx, window, offset, make, keep) {
  const { app, key, where } = ctx;
  const later = offset > 0;
  const far = Math.abs(offset);
  const type = (v) => v !== "" && keep(make(window.period, later ? v : -v), true);
  const props = { "aria-label": "How many periods away, " + where, min: "0", max: "1000", step: "1" };
  const periods = (app.catalog.periods || []).map((period) => [period, period + "s"]);
  const sides = [["ago", "ago"], ["ahead", "from now"]];
  return [
    numberInput(ctx, key + ":offset", far, type, props),
    selectBox(key + ":periods", "Kind of period, " + where, periods, window.period, (period) => keep(make(period, offset))),
    selectBox(key + ":side", "Past or future, " + where, sides, later ? "ahead" : "ago", (side) => keep(make(window.period, side === "ago" ? -far : far))),
  ];
}

function daysEditor(ctx, window, keep) {
  const day = (end, name) => dateInput(ctx, `${ctx.key}:${end}`, window[end] ?? "", (v) => keep({ ...window, [end]: v }, true), { "aria-label": `${name}, ${ctx.where}` });
  if (window.kind === "since") return [day("start", "First day")];
  if (window.kind === "until") return [day("end", "Last day")];
  return [labelled("from", day("start", "First day")), labelled("through", day("end", "Last day"))];
}

/** When something happened: ever, or in a window of any kind. */
function whenEditor(ctx, before) {
  const { app, rule, key, where } = ctx;
  const mode = rule.window?.kind ?? "ever";
  const kinds = app.catalog.happened || Object.keys(WHEN);
  const pairs = [["ever", "ever"], ...kinds.map((kind) => [kind, WHEN[kind] ?? kind])];
  const keep = (window, typing) => {
    const { window: _, ...rest } = rule;
    ctx.put(window ? { ...rest, window } : rest, typing);
  };
  const select = selectBox(key + ":when", "When, " + where, pairs, mode, (kind) => keep(kind === "ever" ? null : windowFor(kind, rule.window)));
  return together("when", before && word(before), select, rule.window && windowEditor(ctx, rule.window, "datetime", keep));
}
