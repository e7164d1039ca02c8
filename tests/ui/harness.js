// Stands in for anywidget's model and for Python: it keeps the edits that the builder sends, and
// answers them as the session would, with made-up counts.

export function createModel(catalog, state, answers) {
  const data = { catalog, state };
  const listeners = {};
  const past = [];
  const future = [];
  let heard = "";
  const model = {
    sent: [],
    answers,
    delay: 0,
    get: (name) => data[name],
    on: (event, act) => (listeners[event] ??= []).push(act),
    off: (event, act) => (listeners[event] = listeners[event].filter((other) => other !== act)),
    send(message) {
      const copy = JSON.parse(JSON.stringify(message));
      model.sent.push(copy);
      heard = copy.id;
      if (model.answers) setTimeout(() => model.answer(copy), model.delay);
    },
    /** A new revision is Python's answer to all that it was sent. */
    push(changes) {
      const answer = "revision" in changes ? { heard } : {};
      data.state = { ...data.state, ...answer, ...JSON.parse(JSON.stringify(changes)) };
      listeners["change:state"]?.forEach((act) => act());
    },
    setCatalog(changed) {
      data.catalog = changed;
      listeners["change:catalog"]?.forEach((act) => act());
    },
    refuse: (why) => listeners["msg:custom"]?.forEach((act) => act({ refused: why })),
    focus: (path) => listeners["msg:custom"]?.forEach((act) => act({ focus: path })),
    listenerCount: () => Object.values(listeners).flat().length,
    answer(message) {
      const now = data.state;
      if (message.shape !== now.shape) return model.push({ heard: message.id });
      const tree = JSON.parse(JSON.stringify(now.tree));
      if (message.edit === "undo" || message.edit === "redo") {
        const [from, to] = message.edit === "undo" ? [past, future] : [future, past];
        if (!from.length) return model.push({ heard: message.id });
        to.push(tree);
        settle(from.pop(), 1, message.id);
        return;
      }
      past.push(JSON.parse(JSON.stringify(tree)));
      future.length = 0;
      settle(apply(tree, message), RESHAPING.has(message.edit) ? 1 : 0, message.id);
    },
  };
  function settle(tree, reshaped, heard) {
    const revision = data.state.revision + 1;
    const shape = data.state.shape + reshaped;
    model.push({ tree, revision, shape, heard, status: "updating", can_undo: past.length > 0, can_redo: future.length > 0 });
    setTimeout(() => data.state.revision === revision && model.push(counted(tree, revision, data.catalog)), 20);
  }
  return model;
}

const RESHAPING = new Set(["add_row", "add_group", "remove", "clone", "wrap", "unwrap", "gather", "move", "copy", "clear"]);
const EMPTY = { kind: "field", field: "", op: "" };

function at(tree, path) {
  return path.reduce((node, index) => node.rules[index], tree);
}

function apply(tree, m) {
  const path = m.path || [];
  const last = path.at(-1);
  const parent = path.length ? at(tree, path.slice(0, -1)) : null;
  const node = at(tree, path);
  const swap = (made) => (parent.rules[last] = made);
  const first = { field: "is_any_of", tag: "has_any_of" }[m.subject];
  const acts = {
    add_row: () => node.rules.push({ ...EMPTY }),
    add_group: () => node.rules.push({ kind: "group", rules: [{ ...EMPTY }] }),
    choose: () => swap({ kind: m.subject, [m.subject]: m.name, ...(first ? { op: first } : {}), ...(m.subject === "tag" ? { tag: undefined, tags: m.name ? [m.name] : [] } : {}) }),
    operator: () => (node.op = m.op),
    put: () => swap(m.node),
    note: () => (m.note ? (node.note = m.note) : delete node.note),
    combine: () => (m.combinator === "or" ? (node.combinator = "or") : delete node.combinator),
    negate: () => (m.on ? (node.negated = true) : delete node.negated),
    enable: () => (m.on ? delete node.enabled : (node.enabled = false)),
    remove: () => remove(tree, path),
    clone: () => parent.rules.splice(last + 1, 0, JSON.parse(JSON.stringify(node))),
    wrap: () => swap({ kind: "group", rules: [node] }),
    lock: () => (m.on ? (node.locked = true) : delete node.locked),
    gather: () => {
      const members = m.rows.map((row) => node.rules[row]);
      const or = node.combinator === "or" ? { combinator: "or" } : {};
      node.rules.splice(m.rows[0], 1, { kind: "group", ...or, rules: members });
      node.rules = node.rules.filter((each) => !members.includes(each));
    },
    copy: () => at(tree, m.parent).rules.splice(m.index, 0, JSON.parse(JSON.stringify(node))),
    unwrap: () => parent.rules.splice(last, 1, ...node.rules),
    move: () => {
      const target = at(tree, m.parent);
      const index = target === parent && m.index > last ? m.index - 1 : m.index;
      parent.rules.splice(last, 1);
      target.rules.splice(index, 0, node);
    },
    clear: () => {},
  };
  if (m.edit === "clear") return { kind: "group", rules: [] };
  acts[m.edit]();
  return JSON.parse(JSON.stringify(tree));
}

function remove(tree, path) {
  const parent = at(tree, path.slice(0, -1));
  parent.rules.splice(path.at(-1), 1);
  if (!parent.rules.length && path.length > 1) remove(tree, path.slice(0, -1));
}

/** Numbers that look like counts: each row takes some away. */
export function counted(tree, revision, catalog) {
  const nodes = {};
  const walk = (node, path, whole) => {
    let left = node.combinator === "or" ? 0 : whole;
    (node.rules || []).forEach((kid, index) => {
      const here = [...path, index];
      const off = kid.enabled === false || (kid.kind === "field" && !kid.field);
      const alone = kid.kind === "group" ? walk(kid, here, whole) : Math.round(whole * (0.15 + ((index * 37 + path.length * 23) % 70) / 100));
      if (off) return;
      left = node.combinator === "or" ? Math.min(whole, left + Math.round(alone * 0.4)) : Math.round((left * alone) / whole);
      nodes[here.join(".")] = { alone, after: left };
    });
    return left;
  };
  const total = tree.rules.length ? walk(tree, [], catalog.contacts) : 0;
  if (tree.rules.length) nodes[""] = { alone: total, after: total };
  return { nodes, total, counted: revision, status: tree.rules.length ? "ready" : "empty", message: "" };
}
