"use strict";

// One workload's lines: live, filtered, older ones, around one of them.

// How many rows stay on the page: beyond it the oldest go, so that a long night of watching costs no memory.
const ROWS_MAX = 5000;
const TAIL = 500;
const AROUND = 100;

const $ = (id) => document.getElementById(id);

let source = null;
let shown = null;
let following = true;
let queue = [];
let frame = 0;
// Lines below this number are the older ones.
let lowest = Infinity;

function span(kind, text) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  return element;
}

// A text between slashes is a pattern.
function textFilter(text) {
  const pattern = /^\/(.+)\/$/.exec(text);
  return pattern ? { regex: pattern[1] } : { q: text };
}

function query(parameters) {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== "" && value !== undefined));
}

function filterOf(wanted) {
  return { ...textFilter(wanted.q || ""), stream: wanted.stream || "", level: wanted.level || "" };
}

// Of a workload, or of a run of one of its jobs.
function logs(path, parameters) {
  const run = shown.run ? `/jobs/${encodeURIComponent(shown.job)}/runs/${encodeURIComponent(shown.run)}` : "";
  return `/api/v1/workloads/${encodeURIComponent(shown.workload)}${run}/logs${path}?${query(parameters)}`;
}

// What the address says is shown: everything live; what matches, live; matches with lines around; or lines around one.
function openWorkload(wanted) {
  shown = wanted;
  $("title").textContent = wanted.run ? `${wanted.workload} / ${wanted.job}` : wanted.workload;
  $("line-q").value = wanted.q || "";
  $("line-stream").value = wanted.stream || "";
  $("line-level").value = wanted.level || "";
  $("line-context").value = wanted.context || "";
  $("lines").replaceChildren();
  $("line-filter").hidden = $("tools").hidden = false;
  $("older").disabled = false;
  $("download").href = logs("/download", { ...filterOf(wanted), format: "text" });
  lowest = Infinity;
  const filtered = wanted.q || wanted.stream || wanted.level;
  if (wanted.line) {
    const line = Number(wanted.line);
    still({ since: Math.max(0, line - AROUND), limit: 2 * AROUND }, line);
  } else if (wanted.context && filtered) {
    still({ ...filterOf(wanted), limit: TAIL, context: wanted.context });
  } else {
    live(filterOf(wanted));
  }
}

function live(filter) {
  setFollowing(true);
  source = new EventSource(logs("/stream", { ...filter, tail: TAIL }));
  source.onopen = () => ($("state").textContent = "live");
  source.onerror = () => {
    const closed = source && source.readyState === EventSource.CLOSED;
    $("state").textContent = closed ? "not available" : "connecting…";
    if (closed) {
      refused(logs("", { ...filter, limit: 1 }));
      refresh();
    }
  };
  source.onmessage = (event) => arrived(() => rowOf(JSON.parse(event.data), false));
  source.addEventListener("gap", (event) => arrived(() => gapRow(JSON.parse(event.data))));
}

// A stream does not tell why it is refused; a page does.
async function refused(path) {
  const asked = shown;
  try {
    await api("GET", path);
  } catch (problem) {
    if (shown === asked) {
      $("state").textContent = problem.message;
    }
  }
}

function arrived(make) {
  queue.push(make);
  if (queue.length > 2 * ROWS_MAX) {
    // A page in the background is not drawn.
    queue = queue.slice(-ROWS_MAX);
  }
  frame = frame || requestAnimationFrame(show);
}

async function still(parameters, line) {
  setFollowing(false);
  $("state").textContent = "…";
  const asked = shown;
  try {
    const page = await api("GET", logs("", parameters));
    if (shown !== asked) {
      return;
    }
    const matched = new Set(page.matched || (line ? [line] : []));
    $("lines").replaceChildren(...page.items.map((item) => rowOf(item, matched.has(item.lineNo))));
    lowest = page.items.length ? page.items[0].lineNo : lowest;
    $("state").textContent = page.matched ? `${page.matched.length} found` : "";
    const mark = $("lines").querySelector(line ? ".matched" : ".row:last-child");
    if (mark) {
      mark.scrollIntoView({ block: "center" });
    }
  } catch (problem) {
    $("state").textContent = problem.message;
  }
}

async function older() {
  const asked = shown;
  const until = lowest === Infinity ? {} : { until: lowest };
  $("older").disabled = true;
  setFollowing(false);
  try {
    const page = await api("GET", logs("", { ...filterOf(shown), ...until, order: "newest", limit: TAIL }));
    if (shown !== asked) {
      return;
    }
    const lines = $("lines");
    const height = lines.scrollHeight;
    lines.prepend(...page.items.reverse().map((item) => rowOf(item, false)));
    lines.scrollTop += lines.scrollHeight - height;
    lowest = page.through;
    $("older").disabled = !page.more;
  } catch (problem) {
    $("state").textContent = problem.message;
    $("older").disabled = false;
  }
}

function stopFollowing() {
  if (source) {
    source.close();
  }
  source = null;
  shown = null;
  queue = [];
  $("state").textContent = "";
}

// Once a frame, whatever came: a busy workload must not freeze the page.
function show() {
  frame = 0;
  const rows = document.createDocumentFragment();
  for (const make of queue.slice(-ROWS_MAX)) {
    rows.append(make());
  }
  queue = [];
  const lines = $("lines");
  lines.append(rows);
  // While paused nothing is taken away under the reader's eyes, up to a point.
  const most = following ? ROWS_MAX : 4 * ROWS_MAX;
  let removed = lowest === Infinity;
  while (lines.childElementCount > most) {
    lines.firstChild.remove();
    removed = true;
  }
  if (removed) {
    lowest = Number(lines.querySelector("[data-line]")?.dataset.line || lowest);
  }
  if (following) {
    lines.scrollTop = lines.scrollHeight;
  }
}

function rowOf(line, matched) {
  const element = document.createElement("div");
  element.className = `row ${line.stream} ${line.level}${matched ? " matched" : ""}`;
  element.dataset.line = line.lineNo;
  element.append(timeOf(line), span("level", line.level), messageOf(line.message));
  return element;
}

function timeOf(line) {
  const time = document.createElement("time");
  time.dateTime = line.at;
  time.title = `line ${line.lineNo}, ${line.at}`;
  time.textContent = new Date(line.at).toLocaleTimeString([], { hour12: false });
  return time;
}

function gapRow(gap) {
  const element = document.createElement("div");
  element.className = "row gap";
  element.append(span("message", `lines ${gap.from} to ${gap.to} are no longer kept`));
  return element;
}

// Colours and styles of terminals become classes; every other escape sequence is left out. Text only ever becomes text.
const SEQUENCE = /\u001b(?:\[([0-?]*)[ -\/]*([@-~])|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -\/]*[0-~]|$)/g;
const STYLES = { 1: "bold", 2: "dim", 3: "italic", 4: "underline" };

function messageOf(text) {
  const message = span("message", "");
  if (!text.includes("\u001b")) {
    message.textContent = text;
    return message;
  }
  let style = { colour: "", kinds: new Set() };
  let from = 0;
  for (const found of text.matchAll(SEQUENCE)) {
    styled(message, text.slice(from, found.index), style);
    from = found.index + found[0].length;
    if (found[2] === "m") {
      style = changed(style, found[1].split(/[;:]/).map(Number));
    }
  }
  styled(message, text.slice(from), style);
  return message;
}

function styled(message, text, style) {
  if (text) {
    const names = [...style.kinds, style.colour].filter(Boolean);
    message.append(names.length ? span(names.map((name) => "ansi-" + name).join(" "), text) : text);
  }
}

function changed(style, codes) {
  let { colour } = style;
  const kinds = new Set(style.kinds);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) {
      colour = "";
      kinds.clear();
    } else if (STYLES[code]) {
      kinds.add(STYLES[code]);
    } else if (code >= 22 && code <= 24) {
      (code === 22 ? ["bold", "dim"] : [STYLES[code - 20]]).forEach((kind) => kinds.delete(kind));
    } else if (code >= 30 && code <= 37) {
      colour = String(code - 30);
    } else if (code >= 90 && code <= 97) {
      colour = String(code - 90);
    } else if (code === 39) {
      colour = "";
    } else if (code === 38 || code === 48) {
      // Of 256 colours the first 16 have names here; the others, and backgrounds, are passed over.
      const simple = codes[i + 1] === 5;
      if (code === 38 && simple) {
        colour = codes[i + 2] < 16 ? String(codes[i + 2] % 8) : "";
      }
      i += simple ? 2 : 4;
    }
  }
  return { colour, kinds };
}

function setFollowing(on) {
  following = on;
  $("pause").textContent = on ? "Pause" : "Follow";
  if (on) {
    $("lines").scrollTop = $("lines").scrollHeight;
  }
}

$("pause").addEventListener("click", () => {
  if (!source && shown) {
    const { workload, job, run, q, stream, level } = shown;
    go({ workload, job, run, q, stream, level });
  } else {
    setFollowing(!following);
  }
});

$("older").addEventListener("click", older);

$("line-filter").addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});
for (const id of ["line-stream", "line-level", "line-context"]) {
  $(id).addEventListener("change", () => find());
}

function find() {
  go({
    workload: shown.workload,
    job: shown.job,
    run: shown.run,
    q: $("line-q").value.trim(),
    stream: $("line-stream").value,
    level: $("line-level").value,
    context: $("line-context").value,
  });
}

// Scrolling up is how one says "wait"; scrolling to the end, "go on".
$("lines").addEventListener("wheel", (event) => event.deltaY < 0 && setFollowing(false), { passive: true });
$("lines").addEventListener("scroll", () => {
  const lines = $("lines");
  if (source && !following && lines.scrollHeight - lines.scrollTop - lines.clientHeight < 4) {
    setFollowing(true);
  }
});
