"use strict";

// How one workload crashed: the list with what is equal counted, and one of them with its last lines and minutes.

const CRASHES_EVERY_MS = 5000;
// As long as the workload itself says so.
const CRASH_LOOP_MS = 5 * 60 * 1000;

let crashed = null;
let crashesTimer = null;
let openedCrash = null;
let openedState = null;

function openCrashes(workload) {
  if (crashed === workload) {
    return;
  }
  stopCrashes();
  crashed = workload;
  refreshCrashes();
}

function stopCrashes() {
  clearTimeout(crashesTimer);
  crashed = null;
  closeCrash();
  $("crashes").hidden = true;
  $("crash-list").replaceChildren();
  $("crash-problem").textContent = "";
}

function crashPath(path) {
  return `/api/v1/workloads/${encodeURIComponent(crashed)}/crashes${path}`;
}

async function refreshCrashes() {
  clearTimeout(crashesTimer);
  const asked = crashed;
  if (!asked) {
    return;
  }
  try {
    const page = document.hidden ? null : await api("GET", crashPath("?limit=20"));
    if (crashed === asked && page) {
      listCrashes(page.items);
      $("crash-problem").textContent = "";
    }
  } catch (problem) {
    if (crashed === asked) {
      $("crash-problem").textContent = problem.message;
    }
  }
  if (crashed === asked) {
    crashesTimer = setTimeout(refreshCrashes, CRASHES_EVERY_MS);
  }
}

function listCrashes(items) {
  $("crashes").hidden = !items.length;
  if (!items.length) {
    return;
  }
  const loop = items[0].crashLoop && Date.now() - Date.parse(items[0].at) < CRASH_LOOP_MS ? ", in a crash loop" : "";
  $("crash-summary").textContent = `${items[0].n} ${items[0].n === 1 ? "crash" : "crashes"}, the last one ${ago(items[0].at)}${loop}`;
  const known = new Map([...$("crash-list").children].map((item) => [item.dataset.n, item]));
  $("crash-list").replaceChildren(
    ...items.map((crash) => {
      const item = known.get(String(crash.n)) || crashEntry(crash.n);
      item.querySelector(".n").textContent = `#${crash.n}`;
      item.querySelector(".how").textContent = how(crash);
      item.querySelector(".error").textContent = crash.error || (crash.complete ? "no output" : "…");
      const count = crash.group && crash.group.count > 1 ? `×${crash.group.count} since ${time(crash.group.firstAt)}` : "";
      item.querySelector(".count").textContent = count;
      item.querySelector("time").textContent = time(crash.at);
      return item;
    }),
  );
  markCrash();
  const opened = items.find((crash) => crash.n === openedCrash);
  if (opened && openedState && openedState !== crashState(opened)) {
    // More of it has become known.
    showCrash(opened.n);
  }
}

function crashState(crash) {
  return `${crash.complete} ${crash.error}`;
}

function crashEntry(n) {
  const item = document.createElement("li");
  item.dataset.n = n;
  const button = document.createElement("button");
  button.type = "button";
  button.append(span("n", ""), document.createElement("time"), span("how", ""), span("error", ""), span("count quiet", ""));
  button.addEventListener("click", () => (openedCrash === n ? closeCrash() : showCrash(n)));
  item.append(button);
  return item;
}

function how(crash) {
  const code = crash.exitCode === undefined ? "exit unknown" : `exit ${crash.exitCode}`;
  return [code, crash.signal, crash.oomKilled ? "out of memory" : ""].filter(Boolean).join(" ");
}

async function showCrash(n) {
  const asked = crashed;
  openedState = openedCrash === n ? openedState : null;
  openedCrash = n;
  markCrash();
  try {
    const report = await api("GET", crashPath(`/${n}`));
    if (crashed === asked && openedCrash === n) {
      $("crash-bundle").href = crashPath(`/${n}/bundle`);
      $("crash-facts").replaceChildren(...facts(report).flatMap(([name, value]) => [part("dt", name), part("dd", value)]));
      $("crash-lines").replaceChildren(...(report.lines || []).map((line) => rowOf(line, false)));
      $("crash").hidden = false;
      drawCrash(report);
      $("crash-lines").scrollTop = $("crash-lines").scrollHeight;
      if (openedState === null) {
        // Below a long list nobody would see it.
        $("crash").scrollIntoView({ block: "start" });
      }
      openedState = crashState(report);
    }
  } catch (problem) {
    $("crash-problem").textContent = problem.message;
  }
}

function closeCrash() {
  openedCrash = null;
  openedState = null;
  $("crash").hidden = true;
  for (const shown of ["crash-facts", "crash-lines", "chart-crash-cpu", "chart-crash-memory"]) {
    $(shown).replaceChildren();
  }
  markCrash();
}

function markCrash() {
  for (const item of $("crash-list").children) {
    item.firstChild.setAttribute("aria-expanded", String(Number(item.dataset.n) === openedCrash));
  }
}

function facts(report) {
  const { limits, oom } = report;
  const lived = report.startedAt && `${time(report.startedAt)} to ${time(report.at)}`;
  const witnesses = [
    oom.eventAt && "the engine told of a want of memory",
    oom.inspect && "the engine says so of the container",
    oom.cgroupKills > 0 && `the kernel killed ${oom.cgroupKills} times`,
  ];
  const allowed = [
    limits.memoryBytes && bytes(limits.memoryBytes),
    limits.cpus && `${limits.cpus} CPUs`,
    limits.pids && `${limits.pids} processes`,
  ];
  const restart = report.restartInMs === undefined ? report.restartPolicy : `${report.restartPolicy}, after ${report.restartInMs} ms`;
  return [
    ["Ended", how(report)],
    ["Out of memory", `${oom.killed ? "yes" : "no"}${text(witnesses, ": ")}`],
    ["Lived", lived],
    ["Restarts before", String(report.restartCount)],
    ["Restart policy", restart],
    ["Image", `${report.image}${report.imageDigest ? ` (${report.imageDigest})` : ""}`],
    ["Limits", text(allowed, "") || "none"],
    ["Environment", report.envKeys.join(", ")],
    ["Probes", report.probes.map((probe) => (probe.ok ? "ok" : probe.reason)).join(", ")],
  ].filter(([, value]) => value);
}

function text(parts, before) {
  const there = parts.filter(Boolean);
  return there.length ? before + there.join(", ") : "";
}

function part(kind, content) {
  const element = document.createElement(kind);
  element.textContent = content;
  return element;
}

function drawCrash(report) {
  const usages = report.usages || [];
  $("crash-charts").hidden = usages.length < 2;
  if (usages.length < 2) {
    return;
  }
  const at = usages.map((usage) => Date.parse(usage.sampledAt));
  const range = { from: at[0], to: Math.max(at.at(-1), Date.parse(report.at)), end: "crash" };
  const line = (value) => {
    const points = usages
      .map((usage, index) => ({ time: at[index], value: value(usage) }))
      .filter((point) => point.value !== undefined)
      .map((point) => ({ ...point, low: point.value, high: point.value }));
    return { pieces: points.length ? [points] : [], most: Math.max(0, ...points.map((point) => point.value)) };
  };
  chart("crash-cpu", "CPU before the crash", line((usage) => usage.cpuPct), "%", 10, range);
  chart("crash-memory", "Memory before the crash", line((usage) => usage.memUsedMb), "MiB", 1, range);
}

function time(text) {
  return new Date(text).toLocaleString();
}

function ago(text) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(text)) / 1000));
  const units = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
  ];
  const [size, unit] = units.find(([each]) => seconds >= each) || [1, "s"];
  return `${Math.floor(seconds / size)} ${unit} ago`;
}
