"use strict";

// What one workload uses: figures of now, each second, and charts of what was stored.

const CHARTS_EVERY_MS = 30000;
const CHART_HEIGHT = 132;
const CHART_MARGIN = { top: 8, right: 10, bottom: 20, left: 62 };
const RANGES = { "1h": 3600e3, "24h": 86400e3, "3d": 3 * 86400e3 };

let used = null;
let usageSource = null;
let chartsTimer = null;
let drawn = null;

function openUsage(workload) {
  if (used === workload) {
    return;
  }
  stopUsage();
  used = workload;
  $("usage").hidden = false;
  $("usage-now").textContent = "…";
  watchUsage();
  refreshCharts();
}

function stopUsage() {
  used = drawn = null;
  unwatchUsage();
  clearTimeout(chartsTimer);
  $("usage").hidden = true;
  for (const name of ["cpu", "memory"]) {
    $(`chart-${name}`).replaceChildren();
  }
  $("usage-now").replaceChildren();
  $("usage-problem").textContent = "";
}

function usagePath(path) {
  return `/api/v1/workloads/${encodeURIComponent(used)}${path}`;
}

function watchUsage() {
  // A page that nobody looks at keeps no connection: a browser has few of them.
  if (!used || usageSource || document.hidden) {
    return;
  }
  usageSource = new EventSource(usagePath("/stats/stream"));
  usageSource.onmessage = (event) => showUsage(JSON.parse(event.data));
  usageSource.addEventListener("idle", () => ($("usage-now").textContent = "nothing runs"));
  usageSource.onerror = () => $("usage-now").classList.add("stale");
}

function unwatchUsage() {
  if (usageSource) {
    usageSource.close();
  }
  usageSource = null;
}

function showUsage(stats) {
  const limit = stats.memLimited ? ` of ${bytes(stats.memLimitMb * MIB)}` : "";
  const figures = [
    ["CPU", stats.cpuPct === undefined ? "…" : `${round(stats.cpuPct)} %`],
    ["Memory", `${bytes(stats.memUsedMb * MIB)}${limit}`],
    ["Network", pair("↓", stats.netRxRate, "↑", stats.netTxRate)],
    ["Disk", pair("read", stats.blockReadRate, "write", stats.blockWriteRate)],
    ["Processes", stats.pids === undefined ? "" : String(stats.pids)],
  ];
  $("usage-now").classList.remove("stale");
  $("usage-now").replaceChildren(
    ...figures
      .filter(([, value]) => value)
      .map(([name, value]) => {
        const figure = span("figure", "");
        figure.append(span("quiet", name), " ", span("value", value));
        return figure;
      }),
  );
}

const MIB = 1024 * 1024;

// For the list: of what uses most, as many as an answer has. The list does without while nobody can tell.
async function greediest() {
  const found = new Map();
  try {
    for (const item of (await api("GET", "/api/v1/metrics/top?limit=100")).items) {
      const sum = found.get(item.workload) || { count: 0, cpu: 0, memory: 0 };
      sum.count++;
      sum.cpu += item.cpuPct || 0;
      sum.memory += item.memUsedMb;
      found.set(item.workload, sum);
    }
  } catch {
    found.clear();
  }
  return found;
}

// Nothing is said of a workload of which only some instances are among them.
function usageText(workload, sum) {
  const alive = workload.instances.filter((each) => ALIVE.includes(each.status)).length;
  return sum && sum.count >= alive ? `${round(sum.cpu)} % · ${bytes(sum.memory * MIB)}` : "";
}

const ALIVE = ["running", "stopping", "paused", "unhealthy"];

function pair(one, first, other, second) {
  const parts = [
    [one, first],
    [other, second],
  ].filter(([, rate]) => rate !== undefined);
  return parts.map(([name, rate]) => `${name} ${bytes(rate)}/s`).join(" ");
}

function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${round(value)} ${units[unit]}`;
}

// Three digits say enough.
function round(value) {
  return value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1) : value ? value.toFixed(2) : "0";
}

async function refreshCharts() {
  clearTimeout(chartsTimer);
  const asked = used;
  if (!asked || !$("usage").open || document.hidden) {
    return;
  }
  const range = $("usage-range").value;
  try {
    const to = Date.now();
    const figures = await api("GET", usagePath(`/metrics?${query({ from: range })}`));
    if (used === asked && $("usage-range").value === range) {
      drawn = { figures, from: to - RANGES[range], to };
      drawCharts();
      $("usage-problem").textContent = "";
    }
  } catch (problem) {
    if (used === asked) {
      $("usage-problem").textContent = problem.message;
    }
  }
  if (used === asked) {
    clearTimeout(chartsTimer);
    chartsTimer = setTimeout(refreshCharts, CHARTS_EVERY_MS);
  }
}

function drawCharts() {
  if (!drawn) {
    return;
  }
  chart("cpu", "CPU", curve("cpuPct", 1), "%", 10);
  const memory = curve("memUsedMb", 1);
  if (memory.most < 2048) {
    chart("memory", "Memory", memory, "MiB", 1);
  } else {
    chart("memory", "Memory", curve("memUsedMb", 1 / 1024), "GiB", 1);
  }
}

// Of all instances together; a bucket of which nothing is known is left out, and what is apart by more than a step is not joined.
function curve(name, scale) {
  const at = new Map();
  for (const series of drawn.figures.series) {
    const part = { [name]: "value", [`${name}Min`]: "low", [`${name}Max`]: "high" }[series.name];
    for (const [time, value] of part ? series.points : []) {
      const point = at.get(time) || { time };
      point[part] = (point[part] || 0) + value * scale;
      at.set(time, point);
    }
  }
  const points = [...at.values()].filter((point) => point.value !== undefined).sort((a, b) => a.time - b.time);
  const step = millis(drawn.figures.step);
  const pieces = [];
  for (const [index, point] of points.entries()) {
    if (index === 0 || point.time - points[index - 1].time > 1.5 * step) {
      pieces.push([]);
    }
    // A bucket is drawn in its middle.
    pieces.at(-1).push({ low: point.value, high: point.value, ...point, time: point.time + step / 2 });
  }
  const most = Math.max(0, ...points.map((point) => Math.max(point.value, point.high || 0)));
  return { pieces, most };
}

function millis(step) {
  return parseInt(step, 10) * { s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 }[step.at(-1)];
}

function chart(id, title, { pieces, most }, unit, least, range = drawn) {
  const svg = $(`chart-${id}`);
  const width = svg.clientWidth || 320;
  const { top, right, bottom, left } = CHART_MARGIN;
  const label = (value) => `${tidy(value)} ${unit}`;
  const ticks = ticksTo(Math.max(most, least));
  const x = (time) => left + ((time - range.from) / (range.to - range.from)) * (width - left - right);
  const y = (value) => CHART_HEIGHT - bottom - (value / ticks.at(-1)) * (CHART_HEIGHT - top - bottom);
  svg.setAttribute("viewBox", `0 0 ${width} ${CHART_HEIGHT}`);
  svg.setAttribute("aria-label", pieces.length ? `${title}, up to ${label(most)}` : `${title}: nothing is stored of this time`);
  if (!pieces.length) {
    svg.replaceChildren(word((left + width - right) / 2, CHART_HEIGHT / 2, "nothing is stored of this time", "middle"));
    return;
  }
  const marks = [];
  for (const tick of ticks) {
    marks.push(shape("line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), class: "grid" }));
    marks.push(word(left - 6, y(tick) + 4, label(tick), "end"));
  }
  const count = width < 420 ? 3 : 4;
  for (let i = 0; i <= count; i++) {
    const time = range.from + (i / count) * (range.to - range.from);
    const anchor = i === 0 ? "start" : i === count ? "end" : "middle";
    marks.push(word(x(time), CHART_HEIGHT - 5, i === count ? range.end || "now" : timeLabel(time, range), anchor));
  }
  const inside = (time) => Math.min(Math.max(x(time), left), width - right);
  const spot = (point, part) => `${inside(point.time).toFixed(1)},${y(point[part]).toFixed(1)}`;
  for (const piece of pieces) {
    const band = [...piece.map((point) => spot(point, "high")), ...piece.map((point) => spot(point, "low")).reverse()];
    marks.push(shape("polygon", { points: band.join(" "), class: "band" }));
    if (piece.length === 1) {
      marks.push(shape("circle", { cx: inside(piece[0].time), cy: y(piece[0].value), r: 1.5, class: "dot" }));
    } else {
      marks.push(shape("polyline", { points: piece.map((point) => spot(point, "value")).join(" "), class: "curve" }));
    }
  }
  svg.replaceChildren(...marks);
}

// Round numbers from 0 to at least the most.
function ticksTo(most) {
  const rough = most / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough);
  const ticks = [0];
  while (ticks.at(-1) < most) {
    ticks.push(ticks.length * step);
  }
  return ticks;
}

function tidy(value) {
  return String(Number(value.toPrecision(3)));
}

function timeLabel(time, range) {
  const date = new Date(time);
  const clock = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  const days = range.to - range.from > 86400e3;
  return days ? `${date.toLocaleDateString([], { weekday: "short" })} ${clock}` : clock;
}

function shape(kind, attributes) {
  const element = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  return element;
}

function word(x, y, text, anchor) {
  const element = shape("text", { x, y, "text-anchor": anchor });
  element.textContent = text;
  return element;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    unwatchUsage();
  } else {
    watchUsage();
    refreshCharts();
  }
});

// Whether the charts are shown is kept; on a narrow window the lines come first.
const CHARTS_OPEN = "spyhop-charts";
$("usage").open = (localStorage.getItem(CHARTS_OPEN) || (window.innerWidth > 720 ? "yes" : "no")) === "yes";
$("usage").addEventListener("toggle", () => {
  localStorage.setItem(CHARTS_OPEN, $("usage").open ? "yes" : "no");
  refreshCharts();
});
$("usage-range").addEventListener("change", refreshCharts);
new ResizeObserver(drawCharts).observe($("usage-charts"));
