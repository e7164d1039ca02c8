// Buttons, lists to choose from and inputs. Each editor gets a `ctx`: {app, key, where, rule,
// put(rule, typing)}, where `key` makes control ids and `where` ends accessible names ("row 2.1").

function iconButton(id, name, symbol, act, more = {}) {
  const off = more["aria-disabled"] === "true";
  return h(
    "button",
    { key: id, "data-id": id, class: "sb-button sb-button-icon", "aria-label": name, title: name, ...more, onclick: (e) => off || act(e) },
    icon(symbol),
  );
}

function smallButton(id, name, where, act, symbol = "plus", more = {}) {
  return h("button", { key: id, "data-id": id, class: "sb-button sb-button-small", "aria-label": `${name}, ${where}`, onclick: act, ...more }, icon(symbol), name);
}

/** Options of `pairs` [value, label, off?], and groups {title, pairs}; an unknown value is one too. */
function choiceOptions(pairs, current) {
  const known = pairs.flatMap((pair) => pair.pairs ?? [pair]).some(([value]) => value === current);
  const all = known || current === "" ? pairs : [[current, `${current} (unknown)`], ...pairs];
  const option = ([value, label, off]) => h("option", { key: value, value, selected: value === current, disabled: Boolean(off) }, label);
  return all.map((pair) => (pair.pairs ? h("optgroup", { key: "group-" + pair.title, label: pair.title }, pair.pairs.map(option)) : option(pair)));
}

function selectBox(id, name, pairs, current, act, more = {}) {
  return h(
    "select",
    { key: id, "data-id": id, class: "sb-select", "aria-label": name, title: name, value: current, ...more, onchange: (e) => act(e.target.value) },
    choiceOptions(pairs, current),
  );
}

function word(text, key = text) {
  return h("span", { key: "w-" + key, class: "sb-word" }, text);
}

function labelled(before, control, after) {
  return h("span", { key: "l-" + control.props.key, class: "sb-labelled" }, before && h("span", { class: "sb-word" }, before), control, after && h("span", { class: "sb-word" }, after));
}

/** Controls that move to the next line as one. */
function together(key, ...kids) {
  return h("span", { key: "t-" + key, class: "sb-together" }, kids);
}

function textLike(ctx, id, value, keep, props) {
  return h("input", {
    key: id,
    "data-id": id,
    class: "sb-input",
    autocomplete: "off",
    spellcheck: "false",
    ...props,
    value,
    oninput: (e) => keep(e.target.value, e.target),
  });
}

/** Sends numbers; what is not one (yet) stays in the input and counts as empty. */
function numberInput(ctx, id, value, keep, props) {
  const whole = props.step === "1";
  const read = (text) => {
    const parsed = text === "" ? NaN : Number(text);
    keep(Number.isFinite(parsed) && (!whole || Number.isSafeInteger(parsed)) ? parsed : "");
  };
  const input = textLike(ctx, id, value, read, { type: "number", step: "any", ...props, class: "sb-input sb-number" });
  return scrubbed(ctx, input, value, keep);
}

/** While a year is being typed the browser reports the years 2, 20 and 202: none of them counts. */
function dateInput(ctx, id, value, keep, props) {
  const text = String(value);
  const plain = text === "" || /^\d{4}-\d\d-\d\d$/.test(text);
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text);
  const type = plain ? "date" : local ? "datetime-local" : "text";
  return textLike(ctx, id, value, (v) => keep(type !== "text" && v < "1000" ? "" : v), { type, ...props, class: "sb-input sb-date" });
}

function notButton(key, where, on, act) {
  const id = key + ":not";
  const title = on ? "Take the NOT away" : "Negate: everyone this does not match";
  return h("button", { key: id, "data-id": id, class: "sb-not", "aria-pressed": String(Boolean(on)), "aria-label": "NOT, " + where, title, onclick: act }, "NOT");
}

/** Stands before what is negated, so that a row reads from left to right as it is meant. */
function notMark(node) {
  return node.negated && h("span", { key: "not-mark", class: "sb-not-mark" }, "NOT");
}

/** Two short words of which one is on, such as "value" and "field". */
function twoSides(app, id, name, pairs, current, act) {
  const side = ([value, label, help]) => {
    const input = h("input", { key: id + value, "data-id": `${id}-${value}`, type: "radio", name: `${app.uid}-${id}`, value, checked: current === value, "aria-label": `${help}, ${name}`, onchange: () => act(value) });
    return h("label", { key: value, class: current === value ? "sb-side-on" : undefined, title: help }, input, h("span", null, label));
  };
  return h("span", { key: id, class: "sb-segmented sb-tiny", role: "radiogroup", "aria-label": "Compare with, " + name }, pairs.map(side));
}
