// Ties the charts and tables of one card together: what is pointed at in one lights up in all.
// Marks carry a pick, `kind:positions`, as plotly's customdata; parts of tables as data-pick.

const SETS = new Set(["region", "all", "pair"]);

function parsed(text) {
  const [kind, list = ""] = String(text).split(":");
  return { kind, at: new Set(list === "" ? [] : list.split(",")) };
}

function within(small, large) {
  return small.size > 0 && [...small].every((one) => large.has(one));
}

/** Whether a mark belongs to what is pointed at. */
function related(hovered, mark) {
  const { kind, at } = hovered;
  const same = at.size === mark.at.size && [...at].every((one) => mark.at.has(one));
  if (kind === mark.kind && same) return true;
  if (kind === "segment") return SETS.has(mark.kind) && within(at, mark.at);
  if (mark.kind === "segment") return SETS.has(kind) && within(mark.at, at);
  if (kind === "many") return mark.kind === "region" && mark.at.size > 1;
  if (kind === "region") return SETS.has(mark.kind) && mark.kind !== "region" && within(mark.at, at);
  if (mark.kind === "region") return SETS.has(kind) && within(at, mark.at);
  return SETS.has(kind) && SETS.has(mark.kind) && same;
}

/** All that carries a pick in a card: marks, outlines of regions and parts of tables. */
function* marked(root) {
  for (const el of root.querySelectorAll("[data-pick]")) yield [el, el.dataset.pick];
  for (const chart of root.querySelectorAll(".js-plotly-plot")) {
    for (const el of chart.querySelectorAll(".points > .point, .text > .textpoint, .points > path")) {
      const trace = el.closest(".trace");
      const drawn = trace && trace.__data__ && trace.__data__[0] && trace.__data__[0].trace;
      const pick = drawn && drawn.customdata && el.__data__ && drawn.customdata[el.__data__.i];
      if (typeof pick === "string" && pick) yield [el, pick];
    }
    const shapes = (chart._fullLayout && chart._fullLayout.shapes) || [];
    for (const el of chart.querySelectorAll(".shapelayer path[data-index]")) {
      const shape = shapes[Number(el.dataset.index)];
      if (shape && shape.name) yield [el, shape.name];
    }
  }
}

function light(root, text) {
  const hovered = text ? parsed(text) : null;
  root.classList.toggle("sbp-pointing", hovered !== null);
  for (const [el, pick] of marked(root)) {
    const lit = hovered !== null && related(hovered, parsed(pick));
    el.classList.toggle("sbp-lit", lit);
    el.classList.toggle("sbp-unlit", hovered !== null && !lit);
  }
}

/** The width of the charts' panes, told whenever it is another one; a hidden pane has none.

plotly.js does not fit a chart into its pane once its height was set, so Python sets both. */
function tellWidth(root, model) {
  let told = 0;
  let timer = 0;
  const tell = () => {
    const pane = [...root.querySelectorAll(".sbp-pane")].find((one) => one.clientWidth > 0);
    if (!pane || pane.clientWidth === told) return;
    told = pane.clientWidth;
    model.send({ width: told });
  };
  const panes = new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(tell, told ? 150 : 0);
  });
  for (const pane of root.querySelectorAll(".sbp-pane")) panes.observe(pane);
  return () => {
    clearTimeout(timer);
    panes.disconnect();
  };
}

function tie(root, model) {
  const known = new WeakSet();
  const open = new Set();
  // What the keyboard is on stays lit while the mouse is somewhere else.
  const rest = () => {
    const kept = root.querySelector("[data-pick]:focus-visible");
    light(root, kept ? kept.dataset.pick : null);
  };
  const adopt = () => {
    for (const chart of root.querySelectorAll(".js-plotly-plot")) {
      if (known.has(chart) || typeof chart.on !== "function") continue;
      known.add(chart);
      chart.on("plotly_hover", (event) => light(root, event.points[0] && event.points[0].customdata));
      chart.on("plotly_unhover", () => rest());
      chart.on("plotly_click", (event) => {
        const pick = event.points[0] && event.points[0].customdata;
        if (typeof pick === "string" && pick) model.send({ act: "pick", pick });
      });
    }
    for (const details of root.querySelectorAll("details[data-key]")) {
      if (open.has(details.dataset.key) && !details.open) details.open = true;
    }
    press();
    refocus();
  };
  // A table that is drawn anew keeps the focus on what was pressed in it.
  let pressed = null;
  const refocus = () => {
    if (!pressed || document.activeElement !== document.body) return;
    const { act, name } = pressed;
    const same = [...root.querySelectorAll("button[data-name]")].find(
      (el) => el.dataset.act === act && el.dataset.name === name,
    );
    if (same) same.focus({ preventScroll: true });
  };
  const press = () => {
    for (const el of root.querySelectorAll("button[data-act=pick]")) {
      const on = String(el.dataset.pick === model.get("picked"));
      if (el.getAttribute("aria-pressed") !== on) el.setAttribute("aria-pressed", on);
    }
  };
  const pointed = (event) => {
    const el = event.target.closest("[data-pick]");
    if (el && root.contains(el)) light(root, el.dataset.pick);
    else rest();
  };
  const left = (event) => {
    if (event.target.closest("[data-pick]")) rest();
  };
  const clicked = (event) => {
    const el = event.target.closest("button[data-act]");
    pressed = null;
    if (!el) return;
    const { act, pick, name } = el.dataset;
    if (name !== undefined) pressed = { act, name };
    if (act === "png") return picture(root, Number(name));
    model.send(name === undefined ? { act, pick } : { act, name });
  };
  const toggled = (event) => {
    const { key } = event.target.dataset;
    if (key && event.target.open) open.add(key);
    else open.delete(key);
  };
  const keyed = (event) => {
    if (event.key === "Escape" && model.get("picked")) model.send({ act: "clear" });
  };
  const listeners = [
    ["mouseover", pointed], ["mouseout", left], ["focusin", pointed], ["focusout", left],
    ["click", clicked], ["toggle", toggled], ["keydown", keyed],
  ];
  for (const [name, listener] of listeners) root.addEventListener(name, listener, true);
  const watcher = new MutationObserver(adopt);
  watcher.observe(root, { childList: true, subtree: true });
  model.on("change:picked", press);
  adopt();
  const quiet = tellWidth(root, model);
  return () => {
    for (const [name, listener] of listeners) root.removeEventListener(name, listener, true);
    watcher.disconnect();
    quiet();
    model.off("change:picked", press);
  };
}

/** plotly's own button makes the picture: in the page, without a server. */
function picture(root, number) {
  const charts = [...root.querySelectorAll(".js-plotly-plot")].filter((one) => one.clientWidth > 0);
  const button = charts[number] && charts[number].querySelector(".modebar-btn");
  if (button) button.click();
}

function render({ model, el }) {
  let untie = () => {};
  let waiting = 0;
  const start = () => {
    const root = el.closest(".sbp-linked");
    if (root) untie = tie(root, model);
    else waiting = requestAnimationFrame(start);
  };
  start();
  return () => {
    cancelAnimationFrame(waiting);
    untie();
  };
}

export default { render };
