// The controls inside a row. Each editor gets a `ctx`: {app, key, where, rule, put(rule, typing)},
// where `key` makes control ids and `where` ends accessible names ("row 2.1").

const MOST_SHOWN = 100;
const number = new Intl.NumberFormat("en-US");
const percent = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const lowered = new WeakMap();

function share(part, whole) {
  if (!whole) return "0.0 %";
  const exact = (100 * part) / whole;
  if (part > 0 && exact < 0.05) return "< 0.1 %";
  if (part < whole && exact >= 99.95) return "> 99.9 %";
  return percent.format(exact) + " %";
}

function plural(count, word, words = word + "s") {
  return number.format(count) + " " + (count === 1 ? word : words);
}

/** Up to `most` items that contain the query: where the first text starts with it, where the first
 * text has it inside, then where another text has it. */
function matching(items, query, texts, most = MOST_SHOWN) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return { shown: items.slice(0, most), more: Math.max(0, items.length - most) };
  if (!lowered.has(items)) {
    lowered.set(items, items.map((item) => texts(item).map((text) => String(text ?? "").toLowerCase())));
  }
  const all = lowered.get(items);
  const ranks = [[], [], []];
  items.forEach((item, index) => {
    const [first, ...others] = all[index];
    const at = first.indexOf(wanted);
    if (at >= 0) ranks[at ? 1 : 0].push(item);
    else if (others.some((text) => text.includes(wanted))) ranks[2].push(item);
  });
  const found = ranks.flat();
  return { shown: found.slice(0, most), more: Math.max(0, found.length - most) };
}

function iconButton(id, name, symbol, act, more = {}) {
  const off = more["aria-disabled"] === "true";
  return h(
    "button",
    { key: id, "data-id": id, class: "sb-button sb-button-icon", "aria-label": name, title: name, ...more, onclick: (e) => off || act(e) },
    icon(symbol),
  );
}

function choiceOptions(pairs, current) {
  const known = pairs.some(([value]) => value === current);
  const all = known || current === "" ? pairs : [[current, `${current} (unknown)`], ...pairs];
  return all.map(([value, label]) => h("option", { key: value, value, selected: value === current }, label));
}

function selectBox(id, name, pairs, current, act, more = {}) {
  return h(
    "select",
    { key: id, "data-id": id, class: "sb-select", "aria-label": name, title: name, value: current, ...more, onchange: (e) => act(e.target.value) },
    choiceOptions(pairs, current),
  );
}

function operatorsOf(app, kind, type) {
  const all = app.catalog.operators || {};
  return (kind === "field" ? all.field?.[type] : all[kind]) || [];
}

function definitionOf(app, rule) {
  const { fields = [], events = [], prebuilt = [], segments = [] } = app.catalog;
  if (rule.kind === "field") return fields.find((field) => field.name === rule.field);
  if (rule.kind === "event") return events.find((event) => event.name === rule.event);
  if (rule.kind === "prebuilt") return prebuilt.find((row) => row.key === rule.prebuilt);
  if (rule.kind === "segment") return segments.find((segment) => segment.name === rule.segment);
  return { label: "Tags" };
}

const FIRST_OPERATORS = { event: "did", segment: "is_in", prebuilt: "is_in" };

function operatorOf(rule) {
  return rule.op ?? FIRST_OPERATORS[rule.kind] ?? "";
}

function operatorEditor(ctx, type, pick) {
  const { app, rule, key, where } = ctx;
  const current = operatorOf(rule);
  const pairs = operatorsOf(app, rule.kind, type).map((op) => [op.key, op.label]);
  return selectBox(key + ":op", "Operator, " + where, pairs, current, pick, { class: "sb-select sb-operator" });
}

/** What the operator takes, by its shape and the type of the value. */
function valueEditor(ctx, definition) {
  const { app, rule } = ctx;
  const type = definition?.type ?? "text";
  const shape = operatorsOf(app, rule.kind, type).find((op) => op.key === operatorOf(rule))?.shape;
  const values = rule.values || [];
  const keep = (list, typing) => ctx.put({ ...rule, values: list }, typing);
  if (shape === "many") return chipsEditor(ctx, values, definition?.choices || [], "value", (list) => keep(list));
  if (shape === "window") return windowEditor(ctx, rule.window, rule.op === "in_next" ? "next" : "last", type);
  if (shape === "one") {
    return oneInput(ctx, type, 0, "Value", values[0] ?? "", definition, (v) => keep(v === "" ? [] : [v], true));
  }
  if (shape === "two") {
    const both = [values[0] ?? "", values[1] ?? ""];
    const [low, high] = type === "number" ? ["from", "to"] : ["from", "through"];
    const at = (index) => (v) => keep(both.map((old, i) => (i === index ? v : old)), true);
    return [
      labelled(low, oneInput(ctx, type, 0, "From", both[0], definition, at(0))),
      labelled(high, oneInput(ctx, type, 1, "To", both[1], definition, at(1))),
    ];
  }
  return null;
}

function labelled(word, control) {
  return h("span", { key: "l-" + control.props.key, class: "sb-labelled" }, h("span", { class: "sb-word" }, word), control);
}

function oneInput(ctx, type, slot, name, value, definition, keep) {
  const id = `${ctx.key}:value${slot}`;
  const props = { "aria-label": `${name}, ${ctx.where}` };
  if (type === "number") return numberInput(ctx, id, value, keep, { ...props, placeholder: "number" });
  if (type === "date" || type === "datetime") return dateInput(ctx, id, value, keep, props);
  const choices = (definition?.choices || []).slice(0, MOST_SHOWN);
  const list = choices.length ? `${ctx.app.uid}-${id}-list` : undefined;
  const input = textLike(ctx, id, value, keep, { ...props, list, type: "text", placeholder: "text", class: "sb-input sb-text" });
  if (!list) return input;
  const options = h("datalist", { key: id + "-list", id: list }, choices.map(([v]) => h("option", { value: v })));
  return h("span", { key: id + "-box", class: "sb-box" }, input, options);
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
  return textLike(ctx, id, value, read, { type: "number", step: "any", ...props, class: "sb-input sb-number" });
}

/** While a year is being typed the browser reports the years 2, 20 and 202: none of them counts. */
function dateInput(ctx, id, value, keep, props) {
  const text = String(value);
  const plain = text === "" || /^\d{4}-\d\d-\d\d$/.test(text);
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text);
  const type = plain ? "date" : local ? "datetime-local" : "text";
  return textLike(ctx, id, value, (v) => keep(type !== "text" && v < "1000" ? "" : v), { type, ...props, class: "sb-input sb-date" });
}

function unitPairs(app, type) {
  const units = app.catalog.units || ["days"];
  const fit = type === "date" ? units.filter((unit) => unit === "days" || unit === "weeks") : units;
  return fit.map((unit) => [unit, unit]);
}

function windowEditor(ctx, window, kind, type, put) {
  const { app, rule, key, where } = ctx;
  const now = window || { kind, amount: 0 };
  const keep = put || ((made, typing) => ctx.put({ ...rule, window: made }, typing));
  const made = (amount, unit) => ({ kind, amount, ...(unit === "days" ? {} : { unit }) });
  const unit = now.unit || "days";
  return [
    numberInput(ctx, key + ":amount", now.amount || "", (v) => keep(made(v === "" ? 0 : v, unit), true), {
      "aria-label": "Length of time, " + where,
      min: "1",
      step: "1",
      placeholder: "30",
    }),
    selectBox(key + ":unit", "Unit of time, " + where, unitPairs(app, type), unit, (u) => keep(made(now.amount || 0, u))),
  ];
}

/** How often, when, and on which conditions something happened. */
function eventEditor(ctx, event) {
  const { app, rule, key, where } = ctx;
  const shape = operatorsOf(app, "event").find((op) => op.key === operatorOf(rule))?.shape;
  const times = shape === "one" ? 1 : shape === "two" ? 2 : 0;
  const slots = app.partial.get(key) || [0, 1].map((index) => rule.values?.[index] ?? "");
  const keepTimes = (index) => (v) => {
    const all = slots.slice(0, times).map((old, i) => (i === index ? v : old));
    const whole = !all.includes("");
    if (whole) app.partial.delete(key);
    else app.partial.set(key, all);
    ctx.put({ ...rule, values: whole ? all : [] }, true);
  };
  const names = times === 2 ? ["Fewest times", "Most times"] : ["Times"];
  const inputs = names.slice(0, times).map((name, index) =>
    numberInput(ctx, `${key}:times${index}`, slots[index] ?? "", keepTimes(index), { "aria-label": `${name}, ${where}`, min: "0", step: "1" }),
  );
  if (times === 2) inputs.splice(1, 0, h("span", { key: "to", class: "sb-word" }, "to"));
  if (times) inputs.push(h("span", { key: "times", class: "sb-word" }, "times"));
  return [...inputs, ...whenEditor(ctx)];
}

function whenEditor(ctx) {
  const { rule, key, where } = ctx;
  const mode = rule.window?.kind ?? "ever";
  const pairs = [["ever", "ever"], ["last", "in the last"], ["between", "between dates"]];
  const keep = (window, typing) => {
    const { window: _, ...rest } = rule;
    ctx.put(window ? { ...rest, window } : rest, typing);
  };
  const choose = (kind) => keep({ last: { kind, amount: 30 }, between: { kind, start: "", end: "" } }[kind]);
  const parts = [selectBox(key + ":when", "When, " + where, pairs, mode, choose)];
  if (mode === "last") parts.push(...windowEditor(ctx, rule.window, "last", "datetime", keep));
  if (mode === "between") {
    const day = (end, name) =>
      dateInput(ctx, `${key}:${end}`, rule.window[end] ?? "", (v) => keep({ ...rule.window, [end]: v }, true), { "aria-label": `${name}, ${where}` });
    parts.push(labelled("from", day("start", "First day")), labelled("through", day("end", "Last day")));
  }
  return parts;
}

function conditionsEditor(ctx, event) {
  const { rule, key, where, app } = ctx;
  const properties = event?.properties || [];
  const conditions = rule.where || [];
  const keep = (list, typing) => {
    const { where: _, ...rest } = rule;
    ctx.put(list.length ? { ...rest, where: list } : rest, typing);
  };
  const first = (name) => {
    const property = properties.find((known) => known.name === name);
    return { kind: "field", field: name, op: operatorsOf(app, "field", property?.type)[0]?.key ?? "" };
  };
  const rows = conditions.map((condition, index) => {
    const at = `condition ${index + 1} of ${where}`;
    const id = `${key}:where${index}`;
    const put = (made, typing) => keep(conditions.map((old, i) => (i === index ? made : old)), typing);
    const inner = { app, key: id, where: at, rule: condition, put };
    const property = properties.find((known) => known.name === condition.field);
    const pick = (op) => put(withOperator(app, condition, property?.type, op));
    const pairs = properties.map((known) => [known.name, known.label || known.name]);
    const leave = () => {
      app.focusNext = [`${key}:where${Math.max(0, index - 1)}:property`, `${key}:add-condition`];
      keep(conditions.filter((_, i) => i !== index));
    };
    return h(
      "div",
      { key: id, class: "sb-condition", role: "group", "aria-label": at },
      h("span", { class: "sb-word" }, index ? "and" : "where"),
      notMark(condition),
      selectBox(id + ":property", "Property, " + at, pairs, condition.field, (name) => put(first(name))),
      operatorEditor(inner, property?.type, pick),
      h("span", { key: "value", class: "sb-value" }, valueEditor(inner, property)),
      notButton(id, at, condition.negated, () => put(toggled(condition, "negated", !condition.negated, false))),
      iconButton(id + ":delete", "Delete " + at, "close", leave),
    );
  });
  if (!properties.length && !rows.length) return null;
  const add = h(
    "button",
    {
      key: key + ":add-condition",
      "data-id": key + ":add-condition",
      class: "sb-button sb-button-small",
      "aria-label": "Add condition, " + where,
      onclick: () => {
        app.focusNext = [`${key}:where${conditions.length}:property`];
        keep([...conditions, first(properties[0]?.name ?? "")]);
      },
    },
    icon("plus"),
    "Add condition",
  );
  return h("div", { key: "where", class: "sb-conditions" }, rows, properties.length ? add : null);
}

function toggled(node, flag, value, usual) {
  const { [flag]: _, ...rest } = node;
  return value === usual ? rest : { ...rest, [flag]: value };
}

/** The rule under another operator, as Python makes it: values stay where their shape is the same. */
function withOperator(app, rule, type, op) {
  const all = operatorsOf(app, rule.kind, type);
  const shapeOf = (name) => all.find((row) => row.key === name)?.shape;
  const { values, window, ...rest } = rule;
  const shape = shapeOf(op);
  const made = { ...rest, op };
  if (shape === shapeOf(operatorOf(rule))) {
    if (values) made.values = values;
  } else if (rule.kind === "event" && shape !== "none") made.values = shape === "two" ? [1, 5] : [1];
  if (rule.kind === "event") return window ? { ...made, window } : made;
  if (shape === "window") made.window = { amount: 30, ...window, kind: op === "in_next" ? "next" : "last" };
  return made;
}

function paramsEditor(ctx, prebuilt) {
  const { rule, key, where } = ctx;
  return (prebuilt?.params || []).flatMap((param) => {
    const keep = (v) => {
      const params = { ...rule.params };
      if (v === "") delete params[param.name];
      else params[param.name] = v;
      ctx.put({ ...rule, params }, true);
    };
    const value = rule.params?.[param.name] ?? param.default;
    return [
      numberInput(ctx, `${key}:param-${param.name}`, value, keep, {
        "aria-label": `${param.label}, ${where}`,
        title: `${number.format(param.least)} to ${number.format(param.most)}`,
        min: String(param.least),
        max: String(param.most),
        step: "1",
        placeholder: String(param.default),
      }),
      h("span", { key: "p-" + param.name, class: "sb-word" }, param.label),
    ];
  });
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

/** Chips with a filterable list: for texts that may be one of many, and for tags. */
function chipsEditor(ctx, values, choices, noun, keep) {
  const { app, key, where } = ctx;
  const id = key + ":chips";
  const open = app.open?.id === id ? app.open : null;
  const query = open?.query ?? "";
  const chosen = new Set(values);
  const add = (texts) => {
    const clean = texts.map((text) => text.trim()).filter(Boolean);
    const all = [...new Set([...values, ...clean])];
    if (all.length > values.length) keep(all);
  };
  const drop = (value) => keep(values.filter((other) => other !== value));
  const { shown, more } = open ? matching(choices, query, (choice) => [choice[0]]) : { shown: [], more: 0 };
  const typed = query.trim();
  const offered = shown.map(([value, count]) => ({ value, count, on: chosen.has(value) }));
  if (typed && !choices.some(([value]) => value === typed)) offered.push({ value: typed, isNew: true });
  const toggle = (option) => {
    if (option.on) drop(option.value);
    else add([option.value]);
    app.setOpen({ ...app.open, query: "", active: option.isNew ? -1 : app.open?.active ?? -1 });
  };
  const type = (text) => {
    const parts = text.split(/[,\n]/);
    const rest = parts.pop();
    if (parts.length) add(parts);
    app.setOpen({ id, query: rest.trimStart(), active: rest.trim() && choices.length ? 0 : -1 });
  };
  const paste = (e) => {
    const text = e.clipboardData?.getData("text") ?? "";
    if (!/[,;\t\r\n]/.test(text)) return;
    e.preventDefault();
    add(text.split(/[,;\t\r\n]+/));
    app.setOpen({ id, query: "", active: -1 });
  };
  const keydown = (e) => {
    const option = open && offered[open.active];
    if (e.key === "Enter") {
      e.preventDefault();
      if (option) toggle(option);
      else if (typed) toggle({ value: typed, isNew: true, on: chosen.has(typed) });
    } else if (e.key === "Backspace" && !e.target.value && values.length) drop(values[values.length - 1]);
    else listKeys(app, e, offered.length, id);
  };
  const leave = () => {
    if (app.drawing) return;
    if (typed) add([typed]);
    if (app.open?.id === id) app.setOpen(null);
  };
  const chips = values.map((value) =>
    h(
      "span",
      { key: "chip-" + value, class: "sb-chip" },
      h("span", { class: "sb-chip-text", title: value }, value),
      h(
        "button",
        {
          key: "x",
          "data-id": `${id}-${value}`,
          class: "sb-chip-x",
          "aria-label": `Remove ${value}, ${where}`,
          onclick: () => {
            app.focusNext = [id];
            drop(value);
          },
        },
        icon("close"),
      ),
    ),
  );
  const listId = `${app.uid}-${id}-list`;
  const input = h("input", {
    key: id,
    "data-id": id,
    "data-local": true,
    class: "sb-chips-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `${noun === "tag" ? "Tags" : "Values"}, ${where}`,
    "aria-expanded": String(Boolean(open && offered.length)),
    "aria-autocomplete": "list",
    "aria-controls": open && offered.length ? listId : undefined,
    "aria-activedescendant": open && offered[open.active] ? `${listId}-${open.active}` : undefined,
    placeholder: values.length ? "add…" : choices.length ? `choose ${noun}s…` : "type, then Enter…",
    value: query,
    oninput: (e) => type(e.target.value),
    onclick: () => open || app.setOpen({ id, query: "", active: -1 }),
    onpaste: paste,
    onkeydown: keydown,
    onblur: leave,
  });
  const list =
    open &&
    offered.length > 0 &&
    popover(id, { class: "sb-pop sb-pop-list" },
      h(
        "div",
        { id: listId, role: "listbox", class: "sb-list", "aria-multiselectable": "true", "aria-label": `Known ${noun}s` },
        offered.map((option, index) => optionRow(`${listId}-${index}`, index === open.active, option.on, () => toggle(option), [
          h("span", { class: "sb-tick" }, option.on && icon("check")),
          h("span", { class: "sb-option-label" }, option.isNew ? `Add “${option.value}”` : option.value),
          h("span", { class: "sb-option-count" }, option.count === undefined ? "" : number.format(option.count)),
        ])),
      ),
      more > 0 && h("div", { class: "sb-pop-note" }, `${number.format(more)} more: type to filter`),
    );
  return h("span", { key: id + "-box", class: "sb-chips", "data-anchor": id, onclick: (e) => e.target === e.currentTarget && e.currentTarget.querySelector("input").focus() }, chips, input, list);
}

/** Arrow keys, Home-like jumps and Escape in a list whose input keeps the focus. */
function listKeys(app, e, length, id) {
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[e.key];
  if (step && !e.altKey) {
    e.preventDefault();
    const now = app.open ?? { id, query: "", active: -1 };
    const last = Math.max(0, length - 1);
    const next = now.active < 0 ? (step > 0 ? 0 : last) : now.active + step;
    const wrapped = Math.abs(step) === 1 ? (next < 0 ? last : next > last ? 0 : next) : Math.min(last, Math.max(0, next));
    app.setOpen({ ...now, active: wrapped });
  } else if (e.key === "Escape" && app.open) {
    e.preventDefault();
    app.setOpen(null);
  }
}

function optionRow(id, active, selected, act, kids) {
  const keepFocus = (e) => e.preventDefault();
  return h("div", { key: id, id, role: "option", class: active ? "sb-option sb-active" : "sb-option", "aria-selected": String(Boolean(selected)), onpointerdown: keepFocus, onmousedown: keepFocus, onclick: act }, kids);
}

/** A panel in the browser's top layer, so that no notebook output area cuts it off. */
function popover(anchor, props, ...kids) {
  return h("div", { key: "pop-" + anchor, popover: "manual", "data-for": anchor, ...props }, kids);
}

/** Everything a row may ask about, in groups, as one list for the picker. */
function subjectsOf(catalog, searching) {
  const known = lowered.get(catalog);
  if (known) return searching ? known.searched : known.all;
  const entry = (subject, name, label, description, side) => ({ subject, name, label: label || name, description: description || "", side });
  const all = [
    ...(catalog.fields || []).map((f) => entry("field", f.name, f.label, f.description, f.known)),
    entry("tag", "", "Tags", "Has any, all or none of the tags you choose", undefined),
    ...(catalog.events || []).map((e) => entry("event", e.name, e.label, e.description, e.contacts)),
    ...(catalog.prebuilt || []).map((p) => entry("prebuilt", p.key, p.label, p.description, undefined)),
    ...(catalog.segments || []).map((s) => entry("segment", s.name, s.name, s.description, undefined)),
  ];
  // Single tags would drown the rest of the list; they are found by their name.
  const tags = (catalog.tags || []).map(([tag, count]) => entry("tag", tag, tag, "Has this tag", count));
  const searched = [...all, ...tags];
  lowered.set(catalog, { all, searched });
  return searching ? searched : all;
}

const SUBJECT_GROUPS = [["field", "Fields"], ["tag", "Tags"], ["event", "Events"], ["prebuilt", "Pre-built segments"], ["segment", "Saved segments"]];

function subjectPicker(ctx, definition, choose) {
  const { app, rule, key, where } = ctx;
  const id = key + ":subject";
  const open = app.open?.id === id ? app.open : null;
  const name = { field: rule.field, event: rule.event, prebuilt: rule.prebuilt, segment: rule.segment, tag: "" }[rule.kind];
  const unset = rule.kind === "field" && !rule.field;
  const label = unset ? "Choose a filter…" : definition?.label || definition?.name || name;
  const toggle = () => app.setOpen(open ? null : { id, query: "", active: 0 });
  const button = h(
    "button",
    {
      key: id,
      "data-id": id,
      "data-anchor": id,
      class: unset ? "sb-subject sb-unset" : "sb-subject",
      "aria-haspopup": "dialog",
      "aria-expanded": String(Boolean(open)),
      "aria-label": `Subject, ${where}: ${label}`,
      title: definition?.description || undefined,
      onclick: toggle,
      onkeydown: (e) => {
        if (e.key !== "ArrowDown" || open || e.altKey) return;
        e.preventDefault();
        toggle();
      },
    },
    icon(definition ? (unset ? "search" : rule.kind) : unset ? "search" : "warning"),
    h("span", { class: "sb-subject-label" }, label),
    icon("down"),
  );
  return [button, open && subjectList(app, id, where, rule, name, choose)];
}

function subjectList(app, id, where, rule, name, choose) {
  const open = app.open;
  const listId = `${app.uid}-${id}-list`;
  const { shown, more } = matching(subjectsOf(app.catalog, Boolean(open.query.trim())), open.query, (s) => [s.label, s.name, s.description, s.subject]);
  const groups = SUBJECT_GROUPS.map(([subject, title]) => [title, shown.filter((s) => s.subject === subject)]).filter(([, list]) => list.length);
  // The group with the best match comes first, so that Enter takes the best match.
  if (open.query.trim()) groups.sort(([, a], [, b]) => shown.indexOf(a[0]) - shown.indexOf(b[0]));
  const flat = groups.flatMap(([, list]) => list);
  const close = () => {
    app.focusNext = [id];
    app.setOpen(null);
  };
  const pick = (s) => {
    close();
    choose(s.subject, s.name);
  };
  const keydown = (e) => {
    if (e.key === "Enter") {
      e.preventDefault();
      if (flat[open.active]) pick(flat[open.active]);
    } else if (e.key === "Escape" || e.key === "Tab") {
      if (e.key === "Escape") e.preventDefault();
      close();
    } else listKeys(app, e, flat.length, id);
  };
  const row = (s) => {
    const index = flat.indexOf(s);
    const here = s.subject === rule.kind && s.name === name;
    return optionRow(`${listId}-${index}`, index === open.active, here, () => pick(s), [
      icon(s.subject),
      h("span", { class: "sb-option-label" }, h("span", null, s.label), s.description && h("span", { class: "sb-option-note" }, s.description)),
      h("span", { class: "sb-option-count" }, s.side === undefined ? "" : number.format(s.side)),
    ]);
  };
  const search = h("input", {
    key: id + "-search",
    "data-id": id + "-search",
    "data-local": true,
    class: "sb-input sb-search",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Search filters…",
    "aria-label": "Search filters, " + where,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": listId,
    "aria-activedescendant": flat[open.active] ? `${listId}-${open.active}` : undefined,
    value: open.query,
    oninput: (e) => app.setOpen({ id, query: e.target.value, active: 0 }),
    onkeydown: keydown,
  });
  const list = h(
    "div",
    { id: listId, role: "listbox", class: "sb-list", "aria-label": "Filters" },
    groups.map(([title, rows]) => {
      const headId = `${listId}-${title.replace(/\W/g, "")}`;
      return h("div", { key: headId, role: "group", "aria-labelledby": headId }, h("div", { id: headId, class: "sb-list-title", role: "presentation" }, title), rows.map(row));
    }),
  );
  const note = !flat.length ? "Nothing matches. Try a shorter word." : more > 0 ? `${number.format(more)} more: type to filter` : null;
  return popover(id, { class: "sb-pop sb-pop-subjects", role: "dialog", "aria-label": "Choose a filter" }, h("div", { class: "sb-search-box" }, icon("search"), search), list, note && h("div", { class: "sb-pop-note", role: "status" }, note));
}

/** The menu behind "⋯": `items` are [key, label, act, {off, checked}] or a heading string. */
function menuButton(app, key, where, items) {
  const id = key + ":menu";
  const open = app.open?.id === id ? app.open : null;
  const acts = items.filter((item) => Array.isArray(item));
  const close = () => {
    app.focusNext = [id];
    app.setOpen(null);
  };
  const move = (e, step) => {
    e.preventDefault();
    const all = [...e.currentTarget.querySelectorAll("[role^=menuitem]")];
    const at = all.indexOf(e.target);
    all[step === "first" ? 0 : step === "last" ? all.length - 1 : (at + step + all.length) % all.length]?.focus();
  };
  const keydown = (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" }[e.key];
    if (step && !e.altKey) move(e, step);
    else if (e.key === "Escape" || e.key === "Tab") {
      if (e.key === "Escape") e.preventDefault();
      close();
    }
  };
  const line = (item) => {
    if (!Array.isArray(item)) return h("div", { key: "h-" + item, class: "sb-list-title", role: "presentation" }, item);
    const [what, label, act, { off, checked } = {}] = item;
    const props = {
      key: what,
      "data-id": `${id}-${what}`,
      class: "sb-menu-item",
      role: checked === undefined ? "menuitem" : "menuitemcheckbox",
      "aria-checked": checked === undefined ? undefined : String(checked),
      "aria-disabled": off ? "true" : undefined,
      tabindex: "-1",
      onclick: () => {
        if (off) return;
        close();
        act();
      },
    };
    return h("button", props, h("span", { class: "sb-tick" }, checked && icon("check")), label);
  };
  const toggle = () => {
    if (open) return close();
    app.focusNext = acts.filter((item) => !item[3]?.off).map(([what]) => `${id}-${what}`).slice(0, 1);
    app.setOpen({ id, query: "", active: 0 });
  };
  return [
    iconButton(id, "More for " + where, "more", toggle, { "aria-haspopup": "menu", "aria-expanded": String(Boolean(open)), "data-anchor": id }),
    open && popover(id, { class: "sb-pop sb-pop-menu", role: "menu", "aria-label": "More for " + where, onkeydown: keydown }, items.map(line)),
  ];
}
