"use strict";

// The jobs of one workload: what they are, when they are due, and how they are made, changed and run.

const JOBS_EVERY_MS = 5000;

let jobsOf = null;
let jobsTimer = null;
let jobs = [];
let openedJob = null;
let editedJob = null;
let ranJob = null;

function openJobs(workload, job) {
  if (jobsOf !== workload) {
    stopJobs();
    jobsOf = workload;
    refreshJobs();
  }
  if (job && openedJob !== job) {
    $("jobs").open = true;
    showJob(job);
  }
}

function stopJobs() {
  clearTimeout(jobsTimer);
  jobsOf = null;
  jobs = [];
  closeJob();
  $("jobs").hidden = true;
  $("jobs").open = false;
  $("job-list").replaceChildren();
  $("jobs-problem").textContent = "";
  $("job-edit").close();
  $("job-run").close();
}

function jobPath(job, path = "") {
  return `/api/v1/workloads/${encodeURIComponent(jobsOf)}/jobs${job ? `/${encodeURIComponent(job)}` : ""}${path}`;
}

async function refreshJobs() {
  clearTimeout(jobsTimer);
  const asked = jobsOf;
  if (!asked) {
    return;
  }
  if (!document.hidden) {
    try {
      const list = await api("GET", jobPath(""));
      if (jobsOf === asked) {
        jobs = list.items;
        listJobs();
        $("jobs-problem").textContent = "";
      }
    } catch (problem) {
      if (jobsOf === asked) {
        $("jobs-problem").textContent = problem.message;
      }
    }
  }
  if (jobsOf === asked) {
    jobsTimer = setTimeout(refreshJobs, JOBS_EVERY_MS);
  }
}

function listJobs() {
  $("jobs").hidden = !jobs.length && !mayOperate;
  $("job-new").hidden = !mayOperate;
  const overdue = jobs.filter((job) => job.overdue).length;
  const count = jobs.length ? `${jobs.length} ${jobs.length === 1 ? "job" : "jobs"}` : "Jobs";
  $("jobs-summary").textContent = overdue ? `${count}, ${overdue} overdue` : count;
  $("jobs-summary").classList.toggle("overdue", overdue > 0);
  const known = new Map([...$("job-list").children].map((item) => [item.dataset.id, item]));
  $("job-list").replaceChildren(
    ...jobs.map((job) => {
      const item = known.get(job.id) || jobEntry(job.id);
      const last = job.lastRun;
      item.querySelector(".name").textContent = job.name;
      item.querySelector(".when").textContent = when(job);
      item.querySelector(".overdue").textContent = job.overdue ? overdueText(job) : "";
      item.querySelector("time").textContent = last ? ago(last.completedAt || last.startedAt || last.queuedAt) : "";
      const status = item.querySelector(".status");
      status.textContent = last ? last.status : "never run";
      status.className = `status ${last ? last.status : ""}`;
      return item;
    }),
  );
  markJob();
  if (openedJob) {
    showJobFacts();
  }
}

function jobEntry(id) {
  const item = document.createElement("li");
  item.dataset.id = id;
  const button = document.createElement("button");
  button.type = "button";
  button.append(
    span("name", ""),
    span("when quiet", ""),
    span("overdue", ""),
    document.createElement("time"),
    span("status", ""),
  );
  button.addEventListener("click", () => (openedJob === id ? closeJob() : showJob(id)));
  item.append(button);
  return item;
}

function when(job) {
  if (!job.schedule) {
    return "";
  }
  const next = job.enabled ? job.nextAt && `next ${time(job.nextAt)}` : "paused";
  return [job.schedule, next].filter(Boolean).join(", ");
}

function overdueText(job) {
  return job.missedCount ? `overdue, ${job.missedCount} missed` : "overdue";
}

function markJob() {
  for (const item of $("job-list").children) {
    item.firstChild.setAttribute("aria-expanded", String(item.dataset.id === openedJob));
  }
}

function showJob(id) {
  closeJob();
  openedJob = id;
  $("job").hidden = false;
  markJob();
  showJobFacts();
  openRuns(jobsOf, id);
}

function closeJob() {
  openedJob = null;
  $("job").hidden = true;
  $("job-facts").replaceChildren();
  stopRuns();
  markJob();
}

// A job that was removed has no facts any more, but runs.
function showJobFacts() {
  const job = jobs.find((each) => each.id === openedJob);
  $("job-facts").replaceChildren(...definition(job ? jobFacts(job) : []));
  const byLabel = Boolean(job) && job.source === "label";
  $("job-start").hidden = !mayOperate || !job;
  $("job-change").hidden = $("job-remove").hidden = !mayOperate || !job || byLabel;
}

function jobFacts(job) {
  const attempts = job.retries && `${job.retries + 1}, ${job.retryBackoffSeconds} s before the second`;
  return [
    ["Command", commandText(job.command)],
    ["Where", job.mode === "exec" ? "inside the running instance" : `in a fresh container${job.image ? ` of ${job.image}` : ""}`],
    ["Working directory", job.workingDirectory],
    ["Environment", job.envKeys.join(", ")],
    ["Parameters", job.parameters.map((each) => (each.default === undefined ? each.name : `${each.name}=${each.default}`)).join(", ")],
    ["Schedule", job.schedule && `${job.schedule} (${job.timeZone})${job.enabled ? "" : ", paused"}`],
    ["Next", job.nextAt && job.enabled && time(job.nextAt)],
    ["Missed", job.missedCount ? `${job.missedCount} since its last success` : ""],
    ["Timeout", job.timeoutSeconds && `${job.timeoutSeconds} s`],
    ["Attempts", attempts],
    ["At once", job.concurrency === "forbid" ? "one run only" : ""],
    ["Defined by", job.source === "label" ? "labels of the container" : ""],
  ];
}

function definition(named) {
  return named.filter(([, value]) => value).flatMap(([name, value]) => [part("dt", name), part("dd", value)]);
}

function commandText(command) {
  return Array.isArray(command) ? command.map((each) => JSON.stringify(each)).join(" ") : command;
}

// Making and changing.

function edit(job) {
  editedJob = job;
  const field = (name) => $(`job-${name}`);
  $("job-form").reset();
  $("job-edit-problem").textContent = "";
  $("job-edit-title").textContent = job ? `Change ${job.name}` : "New job";
  field("name").value = job ? job.name : "";
  if (job) {
    field("mode").value = job.mode;
    field("argv").checked = Array.isArray(job.command);
    field("command").value = Array.isArray(job.command) ? job.command.join("\n") : job.command;
    field("env").value = Object.entries(job.env || {}).map(([name, value]) => `${name}=${value}`).join("\n");
    field("parameters").value = job.parameters
      .map((each) => (each.default === undefined ? each.name : `${each.name}=${each.default}`))
      .join("\n");
    field("image").value = job.image || "";
    field("directory").value = job.workingDirectory || "";
    field("schedule").value = job.schedule || "";
    field("zone").value = job.timeZone;
    field("missed").value = job.missed;
    field("enabled").checked = job.enabled;
    field("concurrency").value = job.concurrency;
    field("timeout").value = job.timeoutSeconds || "";
    field("retries").value = job.retries || "";
    field("backoff").value = job.retryBackoffSeconds;
  }
  $("job-edit").showModal();
}

function jobOfForm() {
  const text = (name) => $(`job-${name}`).value.trim() || undefined;
  const number = (name) => (text(name) === undefined ? undefined : Number(text(name)));
  const command = $("job-command").value;
  return {
    name: text("name"),
    mode: text("mode"),
    command: $("job-argv").checked ? command.split("\n").filter((each) => each !== "") : command.trim(),
    env: environment($("job-env").value),
    parameters: parametersOfForm(),
    image: text("image"),
    workingDirectory: text("directory"),
    schedule: text("schedule"),
    timeZone: text("zone"),
    missed: text("missed"),
    enabled: $("job-enabled").checked,
    concurrency: text("concurrency"),
    timeoutSeconds: number("timeout"),
    retries: number("retries"),
    retryBackoffSeconds: number("backoff"),
  };
}

// A name, or NAME=default, a line; what else is known of a parameter is kept.
function parametersOfForm() {
  const before = new Map((editedJob ? editedJob.parameters : []).map((each) => [each.name, each]));
  const lines = $("job-parameters").value.split("\n").filter((line) => line.trim());
  return lines.map((line) => {
    const at = line.indexOf("=");
    const name = (at < 0 ? line : line.slice(0, at)).trim();
    const { pattern, description } = before.get(name) || {};
    return { name, default: at < 0 ? undefined : line.slice(at + 1), pattern, description };
  });
}

$("job-new").addEventListener("click", () => edit(null));

$("job-change").addEventListener("click", async () => {
  try {
    edit(await api("GET", jobPath(openedJob)));
  } catch (problem) {
    $("jobs-problem").textContent = problem.message;
  }
});

$("job-edit-cancel").addEventListener("click", () => $("job-edit").close());

$("job-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const made = editedJob
      ? await api("PUT", jobPath(editedJob.id, `?revision=${editedJob.revision}`), jobOfForm())
      : await api("POST", jobPath(""), jobOfForm());
    $("job-edit").close();
    await refreshJobs();
    if (openedJob !== made.id) {
      showJob(made.id);
    }
  } catch (problem) {
    $("job-edit-problem").textContent = problem.message;
  }
});

$("job-remove").addEventListener("click", async () => {
  const job = jobs.find((each) => each.id === openedJob);
  if (!job || !confirm(`Remove ${job.name}? Its runs are kept.`)) {
    return;
  }
  try {
    await api("DELETE", jobPath(job.id));
    closeJob();
    refreshJobs();
  } catch (problem) {
    $("jobs-problem").textContent = problem.message;
  }
});

// Running.

$("job-start").addEventListener("click", () => {
  const job = jobs.find((each) => each.id === openedJob);
  if (job) {
    askToRun(job);
  }
});

// Asks for parameters where the job has some.
function askToRun(job) {
  ranJob = job;
  if (!job.parameters.length) {
    return startRun(jobsOf, job.id, {});
  }
  $("job-run-title").textContent = `Run ${job.name}`;
  $("job-run-problem").textContent = "";
  $("job-run-fields").replaceChildren(
    ...job.parameters.flatMap((each) => {
      const label = part("label", each.description ? `${each.name}: ${each.description}` : each.name);
      const input = document.createElement("input");
      input.name = each.name;
      input.id = label.htmlFor = `parameter-${each.name}`;
      input.autocomplete = "off";
      input.required = each.default === undefined;
      input.placeholder = each.default || "";
      return [label, input];
    }),
  );
  $("job-run").showModal();
}

$("job-run-cancel").addEventListener("click", () => $("job-run").close());

$("job-run-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const inputs = [...$("job-run-fields").querySelectorAll("input")];
  const parameters = Object.fromEntries(inputs.filter((input) => input.value).map((input) => [input.name, input.value]));
  startRun(jobsOf, ranJob.id, { parameters });
});

async function startRun(workload, job, body) {
  const asked = shown;
  try {
    const run = await api("POST", `/api/v1/workloads/${encodeURIComponent(workload)}/jobs/${encodeURIComponent(job)}/run`, body);
    $("job-run").close();
    if (shown === asked) {
      go({ workload, job, run: run.id });
    }
  } catch (problem) {
    for (const place of ["job-run-problem", "jobs-problem", "run-problem"]) {
      $(place).textContent = problem.message;
    }
  }
}

document.addEventListener("visibilitychange", () => document.hidden || refreshJobs());
