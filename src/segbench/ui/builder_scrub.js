// A number that can be dragged: the count follows while the mouse, pen or finger moves.

const SCRUB_STEP = 4; // px for one step

/** A number input with a handle; who cannot drag types, or uses the arrow keys in the input. */
function scrubbed(ctx, input, value, keep) {
  const id = input.props.key;
  const handle = h(
    "span",
    { key: id + "-handle", class: "sb-scrub", title: "Drag to change; Shift for larger steps", onpointerdown: (e) => startScrub(ctx.app, e, value, input.props, keep) },
    icon("scrub"),
  );
  return h("span", { key: id + "-scrub", class: "sb-scrubbed" }, handle, input);
}

function startScrub(app, e, value, limits, keep) {
  const box = e.currentTarget.parentElement;
  if (e.button !== 0 || box.closest("[inert]") || box.querySelector("input").disabled) return;
  e.preventDefault();
  const from = Number(value) || 0;
  const step = limits.step === "1" || Number.isInteger(from) ? scrubStep(from, 1) : scrubStep(from, 0);
  const drag = { x: e.clientX, wanted: from, kept: from };
  const stop = new AbortController();
  const on = (name, act) => document.addEventListener(name, (event) => event.pointerId === e.pointerId && act(event), { signal: stop.signal, capture: true });
  const end = () => {
    stop.abort();
    cancelAnimationFrame(drag.frame);
    box.classList.remove("sb-scrubbing");
  };
  const follow = () => {
    // One edit under way at a time: the newest number is sent once the last one is counted.
    if (drag.wanted !== drag.kept && !awaiting(app)) sendScrub(app, drag, keep);
    drag.frame = requestAnimationFrame(follow);
  };
  e.currentTarget.setPointerCapture(e.pointerId);
  box.classList.add("sb-scrubbing");
  on("pointermove", (event) => {
    const steps = Math.trunc((event.clientX - drag.x) / SCRUB_STEP) * (event.shiftKey ? 10 : 1);
    drag.wanted = within(from + steps * step, limits);
  });
  on("pointerup", () => {
    end();
    if (drag.wanted !== drag.kept) sendScrub(app, drag, keep);
  });
  on("pointercancel", end);
  follow();
}

function sendScrub(app, drag, keep) {
  drag.kept = drag.wanted;
  keep(drag.wanted);
  flush(app);
}

/** A hundredth of the number as a power of ten, but at least `least` where that is not 0. */
function scrubStep(number, least) {
  const size = Math.abs(number) || 1;
  return Math.max(least, 10 ** (Math.floor(Math.log10(size)) - 2));
}

function within(number, { min, max }) {
  const kept = Math.min(Math.max(number, min === undefined ? -Infinity : Number(min)), max === undefined ? Infinity : Number(max));
  return Number(kept.toPrecision(12));
}
