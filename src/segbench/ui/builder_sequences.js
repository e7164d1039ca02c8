// One event after another, and the steps of which a sequence is made.

const MOST_STEPS = 8;

/** How long all may take, and when it happened. */
function sequenceEditor(ctx) {
  const { app, rule, key, where } = ctx;
  const keep = (within, typing) => {
    const { within: _, ...rest } = rule;
    ctx.put(within ? { ...rest, within } : rest, typing);
  };
  const pairs = [["ever", "at any time later"], ["within", "within"]];
  const choose = (side) => keep(side === "within" ? { kind: "last", amount: 3 } : null);
  const inner = { app, key: key + ":within", where: "within, " + where };
  return [
    together(
      "limit",
      selectBox(key + ":limit", "How soon, " + where, pairs, rule.within ? "within" : "ever", choose),
      rule.within && lengthEditor(inner, rule.within, "length", keep),
    ),
    whenEditor(ctx, "happened"),
  ];
}

function stepsEditor(ctx) {
  const { app, rule, key, where } = ctx;
  const steps = rule.steps || [];
  const keep = (list, typing) => ctx.put({ ...rule, steps: list }, typing);
  const rows = steps.map((step, index) => {
    const id = `${key}:step${index}`;
    const put = (made, typing) => keep(replaced(steps, index, made), typing);
    const leave = () => {
      app.focusNext = [`${key}:step${Math.min(index, steps.length - 2)}:event`, key + ":add-step"];
      keep(without(steps, index));
    };
    const inner = { app, key: id, where: `step ${index + 1} of ${where}`, rule: step, put };
    return stepView(inner, leadOf(rule, index), stepItems(ctx, steps, index, keep), leave);
  });
  const most = app.catalog.limits?.steps ?? MOST_STEPS;
  const full = steps.length >= most;
  const add = () => {
    if (full) return;
    app.focusNext = [`${key}:step${steps.length}:event`];
    keep([...steps, { event: "" }]);
  };
  const more = full ? { "aria-disabled": "true", title: `A sequence has at most ${most} steps` } : {};
  return h("div", { key: "steps", class: "sb-conditions" }, rows, h("div", { key: "adds", class: "sb-adds" }, smallButton(key + ":add-step", "Add step", where, add, "plus", more)));
}

function leadOf(rule, index) {
  if (!index) return "first";
  return operatorOf(rule) === "not_followed" && index === rule.steps.length - 1 ? "but then no" : "then";
}

function stepItems(ctx, steps, index, keep) {
  const move = (by) => () => {
    const list = [...steps];
    [list[index], list[index + by]] = [list[index + by], list[index]];
    ctx.app.focusNext = [`${ctx.key}:step${index + by}:menu`];
    keep(list);
  };
  return [
    ["up", "Earlier", move(-1), { off: index === 0 }],
    ["down", "Later", move(1), { off: index === steps.length - 1 }],
  ];
}

/** A step: an event or any of several, with its conditions below it. */
function stepView(ctx, lead, items, leave) {
  const { app, rule, key, where } = ctx;
  const properties = propertiesOf(app, rule);
  const menu = [
    ["condition", "Add condition", () => addCondition(ctx, properties), { off: !properties.length }],
    ["also", "Or another event", () => addAlso(ctx)],
    ...items,
  ];
  return h(
    "div",
    { key, class: "sb-step", role: "group", "aria-label": where },
    h(
      "div",
      { key: "line", class: "sb-condition" },
      h("span", { key: "lead", class: "sb-word sb-lead" }, lead),
      eventSelect(app, key + ":event", "Event, " + where, rule.event, (event) => ctx.put({ ...rule, event })),
      alsoControls(ctx),
      menuButton(app, key, where, menu),
      iconButton(key + ":delete", "Delete " + where, "close", leave),
    ),
    conditionLines(ctx, properties),
  );
}
