"use strict";

// The runs of one job, newest first, and one of them with what it was made of. What it wrote is shown as the lines of a workload are.

const RUNS_EVERY_MS = 3000;
const RUN_EVERY_MS = 1000;
const RUNS_PAGE = 20;
const ENDED = ["succeeded", "failed", "timed-out", "cancelled", "lost"];

let runsOf = null;
let runsTimer = null;
let runs = new Map();
let olderRuns = null;

let openedRun = null;
let runTimer = null;
let runDetails = null;

function openRuns(workload, job) {
  stopRuns();
  runsOf = { workload, job };
  $("run-filter").reset();
  findRuns();
}

function stopRuns() {
  clearTimeout(runsTimer);
  runsOf = null;
  forgetRuns();
}

function forgetRuns() {
  runs = new Map();
  olderRuns = null;
  $("run-list").replaceChildren();
  $("runs-state").textContent = "";
  $("runs-older").hidden = true;
}

function runsPath({ workload, job }) {
  return `/api/v1/workloads/${encodeURIComponent(workload)}/jobs/${encodeURIComponent(job)}/runs`;
}

function findRuns() {
  forgetRuns();
  refreshRuns();
}

async function refreshRuns() {
  clearTimeout(runsTimer);
  const asked = runsOf;
  if (!asked) {
    return;
  }
  const text = $("run-q").value.trim();
  if (!document.hidden) {
    await loadRuns(undefined);
  }
  // To look into outputs costs too much to do it again and again.
  if (runsOf === asked && !text) {
    clearTimeout(runsTimer);
    runsTimer = setTimeout(refreshRuns, RUNS_EVERY_MS);
  }
}

async function loadRuns(cursor) {
  const asked = runsOf;
  const filter = {
    status: $("run-status").value,
    triggeredBy: $("run-trigger").value,
    from: $("run-from").value,
    q: $("run-q").value.trim(),
  };
  const parameters = query({ ...filter, limit: RUNS_PAGE, cursor });
  const first = cursor === undefined;
  const known = runs;
  $("runs-older").disabled = true;
  try {
    const page = await api("GET", `${runsPath(asked)}?${parameters}`);
    if (runsOf !== asked || runs !== known) {
      return;
    }
    if (first && !known.size) {
      olderRuns = page.next;
    } else if (!first) {
      olderRuns = page.next;
    } else {
      forgetChanged(page.items);
    }
    page.items.forEach((run) => runs.set(run.id, run));
    listRuns();
    $("runs-state").textContent = runs.size ? "" : olderRuns ? "none found yet" : "no runs";
  } catch (problem) {
    if (runsOf === asked) {
      $("runs-state").textContent = problem.message;
    }
  } finally {
    $("runs-older").disabled = false;
  }
}

// What the newest page could hold and does not fits the filter no longer.
function forgetChanged(items) {
  const oldest = items.length < RUNS_PAGE ? "" : items.at(-1).id;
  const there = new Set(items.map((run) => run.id));
  for (const id of runs.keys()) {
    if (id >= oldest && !there.has(id)) {
      runs.delete(id);
    }
  }
}

function listRuns() {
  const known = new Map([...$("run-list").children].map((item) => [item.dataset.id, item]));
  const newestFirst = [...runs.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
  $("run-list").replaceChildren(...newestFirst.map((run) => filled(known.get(run.id) || runEntry(run.id), run)));
  $("runs-older").hidden = !olderRuns;
}

function runEntry(id) {
  const item = document.createElement("li");
  item.dataset.id = id;
  const button = document.createElement("button");
  button.type = "button";
  button.append(document.createElement("time"), span("status", ""), span("how", ""), span("took quiet", ""), span("by quiet", ""));
  const { workload, job } = runsOf;
  button.addEventListener("click", () => go({ workload, job, run: id }));
  item.append(button);
  return item;
}

function filled(item, run) {
  item.querySelector("time").textContent = time(run.queuedAt);
  const status = item.querySelector(".status");
  status.textContent = run.status;
  status.className = `status ${run.status}`;
  item.querySelector(".how").textContent = outcome(run);
  item.querySelector(".took").textContent = took(run);
  item.querySelector(".by").textContent = trigger(run);
  item.title = run.id;
  return item;
}

function outcome(run) {
  const code = run.exitCode === undefined || run.exitCode === 0 ? "" : `exit ${run.exitCode}`;
  const attempt = run.attempt > 1 ? `attempt ${run.attempt} of ${run.attemptsMax}` : "";
  return [code, run.signal, run.oomKilled ? "out of memory" : "", attempt].filter(Boolean).join(", ");
}

function took(run) {
  if (!run.startedAt) {
    return "";
  }
  const ms = run.durationMs === undefined ? Date.now() - Date.parse(run.startedAt) : run.durationMs;
  const seconds = Math.max(0, ms) / 1000;
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${seconds.toFixed(1)} s`;
}

function trigger(run) {
  return run.triggeredByName ? `${run.triggeredBy}: ${run.triggeredByName}` : run.triggeredBy;
}

$("run-filter").addEventListener("submit", (event) => {
  event.preventDefault();
  findRuns();
});
for (const id of ["run-status", "run-trigger", "run-from"]) {
  $(id).addEventListener("change", findRuns);
}
$("runs-older").addEventListener("click", () => loadRuns(olderRuns));

// One of them.

function openRun(wanted) {
  stopRun();
  openedRun = wanted;
  $("run").hidden = false;
  refreshRun();
}

function stopRun() {
  clearTimeout(runTimer);
  openedRun = null;
  runDetails = null;
  $("run").hidden = true;
  $("run-now").replaceChildren();
  $("run-facts").replaceChildren();
  $("run-problem").textContent = "";
}

async function refreshRun() {
  clearTimeout(runTimer);
  const asked = openedRun;
  if (!asked) {
    return;
  }
  if (!document.hidden) {
    try {
      const run = await api("GET", `${runsPath(asked)}/${encodeURIComponent(asked.run)}`);
      if (openedRun === asked) {
        runDetails = run;
        showRun();
      }
    } catch (problem) {
      if (openedRun === asked) {
        $("run-problem").textContent = problem.message;
      }
    }
  }
  if (openedRun === asked && !(runDetails && ENDED.includes(runDetails.status))) {
    runTimer = setTimeout(refreshRun, RUN_EVERY_MS);
  }
}

function showRun() {
  const run = runDetails;
  const parts = [span(`status ${run.status}`, run.status), outcome(run), took(run), run.reason];
  $("run-now").replaceChildren(
    ...parts.filter(Boolean).map((each) => (typeof each === "string" ? span("quiet", each) : each)),
  );
  $("run-facts").replaceChildren(...definition(runFacts(run)));
  const ended = ENDED.includes(run.status);
  $("run-cancel").hidden = !mayOperate || ended;
  $("run-again").hidden = !mayOperate || !ended;
}

function runFacts(run) {
  const parameters = Object.entries(run.parameters).map(([name, value]) => `${name}=${value}`);
  return [
    ["Job", run.definition.name],
    ["Command", commandText(run.definition.command)],
    ["Asked for", `${time(run.queuedAt)}, ${trigger(run)}`],
    ["Due", run.dueAt && time(run.dueAt)],
    ["Lived", run.startedAt && `${time(run.startedAt)} to ${run.completedAt ? time(run.completedAt) : "now"}`],
    ["Attempt", run.attemptsMax > 1 && `${run.attempt} of ${run.attemptsMax}`],
    ["Exit code", run.exitCode === undefined ? "" : String(run.exitCode)],
    ["Parameters", parameters.join(", ")],
    ["Environment", run.envKeys.join(", ")],
    ["Image", run.image && `${run.image}${run.imageDigest ? ` (${run.imageDigest})` : ""}`],
    ["Repeats", run.rerunOf],
    ["Run", run.id],
  ];
}

$("run-back").addEventListener("click", () => openedRun && go({ workload: openedRun.workload, job: openedRun.job }));

$("run-cancel").addEventListener("click", async () => {
  const asked = openedRun;
  if (!asked || !confirm("Cancel this run?")) {
    return;
  }
  try {
    await api("POST", `${runsPath(asked)}/${encodeURIComponent(asked.run)}/cancel`);
    $("run-problem").textContent = "";
    refreshRun();
  } catch (problem) {
    $("run-problem").textContent = problem.message;
  }
});

// As it was: with the job, the image and the parameters of that time.
$("run-again").addEventListener("click", () => openedRun && startRun(openedRun.workload, openedRun.job, { rerunOf: openedRun.run }));

document.addEventListener("visibilitychange", () => document.hidden || refreshRun());
