"""Charts of a page that share one copy of plotly.js.

A `FigureWidget` brings its own: 5 MB to be sent and read for each chart of a page, before the first
one of them is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import anywidget
import plotly
import plotly.graph_objects as go
import traitlets

_PLACE: Final = f'globalThis["segbench charts {plotly.__version__}"]'
# A page shows its widgets once all of them are initialised, and plotly.js takes a second to read.
_LENDER: Final = f"""
const found = ({_PLACE} ??= Promise.withResolvers());
const read = (source) => {{
  const url = URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }}));
  import(url).then((library) => found.resolve(library.default), found.reject)
    .finally(() => URL.revokeObjectURL(url));
}};
export default {{
  initialize({{ model }}) {{
    const idle = globalThis.requestIdleCallback ?? setTimeout;
    idle(() => read(model.get("source")), {{ timeout: 2000 }});
  }},
  render() {{}},
}};
"""
# What Python says before plotly.js is there would be lost: it is said again then.
_BORROWER: Final = f"""
const found = ({_PLACE} ??= Promise.withResolvers());
const SAID = ["addTraces", "restyle", "relayout", "update", "animate", "deleteTraces", "moveTraces",
  "removeLayoutProps", "removeTraceProps"].map((name) => `_py2js_${{name}}`);
export default () => {{
  let chart;
  return {{
    initialize(context) {{
      const {{ model }} = context;
      const early = [];
      const ears = SAID.map((name) => () => {{
        const said = model.get(name);
        if (said) early.push([name, said]);
      }});
      SAID.forEach((name, at) => model.on(`change:${{name}}`, ears[at]));
      chart = found.promise.then(async (library) => {{
        const made = library();
        await made.initialize(context);
        SAID.forEach((name, at) => model.off(`change:${{name}}`, ears[at]));
        for (const [name, said] of early) {{
          model.set(name, said);
          model.set(name, null);
        }}
        return made;
      }});
    }},
    async render(context) {{
      return (await chart).render(context);
    }},
  }};
}};
"""


class Lender(anywidget.AnyWidget):
    """The page's copy of plotly.js; shows nothing."""

    _esm = _LENDER
    source = traitlets.Unicode().tag(sync=True)


class Chart(go.FigureWidget):  # type: ignore[misc]
    """A `FigureWidget` that borrows the page's copy of plotly.js."""

    _esm = _BORROWER


_held: list[Lender] = []
"""That of this kernel, for as long as it lives; closed only where all widgets were closed."""


def live_chart(traces: Sequence[Any], layout: Any) -> Chart:
    """A widget with these traces."""
    if not _held or _held[0].comm is None:
        _held[:] = [Lender(source=str(go.FigureWidget._esm))]
    return Chart(data=traces, layout=layout)
