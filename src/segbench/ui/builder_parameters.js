// Pre-built segments with their parameters, and samples.

const MOST_INLINE = 4;
const FEW_INLINE = 2;

/** The parameters on the line of the row: all where they are few, else the first ones. */
function paramsEditor(ctx, prebuilt) {
  const params = prebuilt?.params || [];
  return (params.length > MOST_INLINE ? params.slice(0, FEW_INLINE) : params).map((param) => paramControl(ctx, param));
}

/** The other parameters, folded away. */
function moreParams(ctx, prebuilt) {
  const { app, rule, key, where } = ctx;
  const all = prebuilt?.params || [];
  if (all.length <= MOST_INLINE) return null;
  const rest = all.slice(FEW_INLINE);
  const open = app.unfolded.has(key);
  const changed = rest.filter((param) => (rule.params?.[param.name] ?? param.default) !== param.default).length;
  const fold = () => {
    if (!app.unfolded.delete(key)) app.unfolded.add(key);
    draw(app);
  };
  const label = plural(rest.length, "more setting") + (changed ? `, ${changed} changed` : "");
  return h(
    "div",
    { key: "params", class: "sb-conditions" },
    smallButton(key + ":params", label, where, fold, open ? "down" : "right", { "aria-expanded": String(open) }),
    open && h("div", { key: "rest", class: "sb-params" }, rest.map((param) => paramControl(ctx, param))),
  );
}

function paramControl(ctx, param) {
  const { app, rule, key, where } = ctx;
  const id = `${key}:param-${param.name}`;
  const name = `${param.label}, ${where}`;
  const value = rule.params?.[param.name] ?? param.default;
  const keep = (v, typing) => {
    const { [param.name]: _, ...params } = rule.params || {};
    ctx.put({ ...rule, params: v === "" ? params : { ...params, [param.name]: v } }, typing);
  };
  if (param.kind === "choice" || param.kind === "field") {
    const fields = (app.catalog.fields || []).map((field) => [field.name, field.label || field.name]);
    const pairs = param.kind === "field" ? fields : param.choices.map((choice) => [choice, choice.replaceAll("_", " ")]);
    return labelled(param.label, selectBox(id, name, pairs, value, (v) => keep(v)));
  }
  const whole = param.kind !== "number";
  const input = numberInput(ctx, id, value, (v) => keep(v, true), {
    "aria-label": name,
    title: `${number.format(param.least)} to ${number.format(param.most)}`,
    min: String(param.least),
    max: String(param.most),
    step: whole ? "1" : "any",
    placeholder: String(param.default),
  });
  return whole ? labelled("", input, param.label) : labelled(param.label, input);
}

/** From which to which hundredth, and of which draw. An edge that is no number is not sent. */
function sampleEditor(ctx) {
  const { rule, key, where } = ctx;
  const edge = (name, label) =>
    numberInput(ctx, `${key}:${name}`, rule[name], (v) => v !== "" && ctx.put({ ...rule, [name]: v }, true), { "aria-label": `${label}, ${where}`, min: "0", max: "100", step: "any" });
  const salt = textLike(ctx, key + ":salt", rule.salt ?? "", (v) => ctx.put(toggled(rule, "salt", v, ""), true), {
    "aria-label": "Draw, " + where,
    title: "Another name draws other contacts",
    type: "text",
    placeholder: "unnamed",
    class: "sb-input sb-salt",
  });
  return [together("edges", labelled("from", edge("low", "From"), "%"), labelled("to", edge("high", "To"), "%")), labelled("of the draw", salt)];
}
