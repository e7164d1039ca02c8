// What a row compares with: values of every type, a window, or another field.

function operatorEditor(ctx, pick) {
  const pairs = HAPPENED.includes(ctx.rule.kind) ? happenedPairs(ctx) : ctx.operators.map((op) => [op.key, op.label]);
  const act = (op) => pick(op, subjectOfOperator(ctx, op));
  return selectBox(ctx.key + ":op", "Operator, " + ctx.where, pairs, operatorOf(ctx.rule), act, { class: "sb-select sb-operator" });
}

/** All that can be asked of events: how often, which figure, what came then. */
function happenedPairs({ app, rule }) {
  const pair = (op) => [op.key, op.label];
  const asks = rule.kind === "sequence" ? rule.steps?.[0] || {} : rule;
  const figure = (op) => [op.key, op.label, !op.figures[""] && !fittingProperties(app, asks, op).length];
  return [
    { title: "How often", pairs: operatorsOf(app, "event").map(pair) },
    { title: "A figure", pairs: operatorsOf(app, "measure").map(figure) },
    { title: "A sequence of events", pairs: operatorsOf(app, "sequence").map(pair) },
  ];
}

function subjectOfOperator({ app, rule }, key) {
  if (!HAPPENED.includes(rule.kind)) return rule.kind;
  return [rule.kind, ...HAPPENED].find((kind) => operatorIn(app, kind, key)) ?? rule.kind;
}

/** What the operator takes. `ctx.operators` are those of the menu, `ctx.peers` the other fields. */
function valueEditor(ctx, definition) {
  const { app, rule, key, where } = ctx;
  const op = ctx.operators.find((row) => row.key === operatorOf(rule));
  const fits = (peer) => peer.type === definition?.type || (DAY_TYPES.includes(peer.type) && DAY_TYPES.includes(definition?.type));
  const peers = (ctx.peers || []).filter((peer) => peer.name !== rule.field && fits(peer));
  if (!rule.other && !(op?.by_field && peers.length)) return op ? operandEditor(ctx, op, definition) : null;
  const { other, values: _, ...rest } = rule;
  const id = key + ":other";
  const choose = (side) => {
    app.focusNext = [side === "field" ? id : key + ":value0"];
    ctx.put(side === "field" ? { ...rest, other: peers[0].name } : rest);
  };
  const sides = [["value", "value", "A value"], ["field", "field", "Another field"]];
  const toggle = twoSides(app, key + ":with", where, sides, other ? "field" : "value", choose);
  const pairs = peers.map((peer) => [peer.name, peer.label || peer.name]);
  const control = other ? selectBox(id, "Other field, " + where, pairs, other, (name) => ctx.put({ ...rest, other: name })) : operandEditor(ctx, op, definition);
  return [control, toggle];
}

function operandEditor(ctx, op, definition) {
  const { app, rule } = ctx;
  const type = op.takes === "text" || op.takes === "pattern" ? "text" : definition?.type ?? "text";
  if (op.windows.length) {
    const set = (window, typing) => ctx.put({ ...rule, window }, typing);
    return together("window", windowEditor(ctx, windowShown(rule.window, op), type, set));
  }
  const values = rule.values || [];
  const keep = (list, typing) => ctx.put({ ...rule, values: list }, typing);
  if (op.takes === "weekday") return namesEditor(ctx, values, app.catalog.weekdays || [], "Days of the week", keep);
  if (op.takes === "month") return namesEditor(ctx, values, app.catalog.months || [], "Months", keep);
  if (op.takes === "hour") return hoursEditor(ctx, values, keep);
  if (op.shape === "many") return chipsEditor(ctx, values, definition?.choices || [], "value", (list) => keep(list));
  if (op.shape === "one") {
    const one = (v) => keep(v === "" ? [] : [v], true);
    if (op.takes === "count" || op.takes === "percent") return amountOf(ctx, op, values[0] ?? "", one);
    return oneInput(ctx, type, 0, "Value", values[0] ?? "", op.takes === "pattern" ? null : definition, one, op.takes === "pattern");
  }
  return op.shape === "two" ? rangeEditor(ctx, type, values, definition, keep) : null;
}

/** The window as it is, also one of a wrong kind; where there is none, one without a length. */
function windowShown(window, op) {
  if (window) return window;
  const [kind] = op.windows;
  return kind === "last" || kind === "next" ? { kind, amount: 0 } : windowFor(kind);
}

function amountOf(ctx, op, value, keep) {
  const limits = op.takes === "count" ? { step: "1", min: "0", placeholder: "number" } : { step: "any", min: "0", max: "100", placeholder: "10" };
  const input = numberInput(ctx, ctx.key + ":value0", value, keep, { ...limits, "aria-label": "Value, " + ctx.where });
  return op.takes === "percent" ? labelled("", input, "%") : input;
}

function rangeEditor(ctx, type, values, definition, keep) {
  const both = [values[0] ?? "", values[1] ?? ""];
  const [low, high] = type === "number" ? ["from", "to"] : ["from", "through"];
  const at = (index) => (v) => keep(replaced(both, index, v), true);
  return [
    labelled(low, oneInput(ctx, type, 0, "From", both[0], definition, at(0))),
    labelled(high, oneInput(ctx, type, 1, "To", both[1], definition, at(1))),
  ];
}

function oneInput(ctx, type, slot, name, value, definition, keep, pattern = false) {
  const id = `${ctx.key}:value${slot}`;
  const props = { "aria-label": `${name}, ${ctx.where}` };
  if (type === "number") return numberInput(ctx, id, value, keep, { ...props, placeholder: "number" });
  if (type === "date" || type === "datetime") return dateInput(ctx, id, value, keep, props);
  const choices = (definition?.choices || []).slice(0, MOST_SHOWN);
  const list = choices.length ? `${ctx.app.uid}-${id}-list` : undefined;
  const looks = pattern ? { placeholder: "regular expression", class: "sb-input sb-text sb-code" } : { placeholder: "text", class: "sb-input sb-text" };
  const input = textLike(ctx, id, value, keep, { ...props, ...looks, list, type: "text" });
  if (!list) return input;
  const options = h("datalist", { key: id + "-list", id: list }, choices.map(([v]) => h("option", { value: v })));
  return h("span", { key: id + "-box", class: "sb-box" }, input, options);
}

/** Some of a short, fixed list, as buttons to press; what is not on it can be taken away. */
function namesEditor(ctx, values, names, title, keep) {
  const strange = [...new Set(values)].filter((value) => !names.includes(value));
  const press = (name, on) => {
    const left = values.filter((value) => value !== name);
    if (on) return keep(left);
    return keep([...names.filter((known) => known === name || left.includes(known)), ...strange]);
  };
  const one = (name) => {
    const on = values.includes(name);
    const full = capital(String(name));
    const id = `${ctx.key}:name-${name}`;
    const label = names.includes(name) ? full.slice(0, 3) : `${full} (unknown)`;
    return h("button", { key: id, "data-id": id, class: "sb-name", "aria-pressed": String(on), "aria-label": `${full}, ${ctx.where}`, title: full, onclick: () => press(name, on) }, label);
  };
  return h("span", { key: ctx.key + ":names", class: "sb-names", role: "group", "aria-label": `${title}, ${ctx.where}` }, names.map(one), strange.map(one));
}

function hoursEditor(ctx, values, keep) {
  const hours = Array.from({ length: 25 }, (_, hour) => [String(hour), `${hour}:00`]);
  const both = [values[0] ?? "", values[1] ?? ""];
  const at = (index, name) => {
    const pairs = both[index] === "" ? [["", "…"], ...hours] : hours;
    const act = (hour) => keep(replaced(both, index, hour === "" ? "" : Number(hour)));
    return selectBox(`${ctx.key}:value${index}`, `${name}, ${ctx.where}`, pairs, String(both[index]), act);
  };
  return together("hours", labelled("from", at(0, "From")), labelled("to", at(1, "To")));
}
