"use strict";

// Lines of all workloads: results as they are found, and when there were how many.

const RESULTS = 200;

let finding = null;

function openSearch(wanted) {
  $("search-q").value = wanted.q || "";
  $("search-stream").value = wanted.stream || "";
  $("search-level").value = wanted.level || "";
  $("search-since").value = wanted.until ? "" : wanted.since || "24h";
  $("results").replaceChildren();
  $("histogram").replaceChildren();
  $("axis").replaceChildren();
  $("search-state").textContent = "";
  $("more").hidden = true;
  if (wanted.q || wanted.stream || wanted.level) {
    runSearch(wanted, "");
  } else {
    $("search-q").focus();
  }
}

function runSearch(wanted, cursor) {
  const path = `/api/v1/logs/search?${query({
    ...filterOf(wanted),
    since: wanted.since || "24h",
    until: wanted.until,
    limit: RESULTS,
    cursor,
  })}`;
  $("more").hidden = true;
  $("search-state").textContent = "searching…";
  finding = new EventSource(path);
  finding.addEventListener("lines", (event) => $("results").append(...JSON.parse(event.data).items.map(resultOf)));
  finding.addEventListener("progress", (event) => {
    const { histogram, examined } = JSON.parse(event.data);
    // What an answer that goes on examines is only a part.
    if (!cursor) {
      draw(histogram, wanted);
    }
    const total = histogram.counts.reduce((sum, count) => sum + count, 0);
    $("search-state").textContent = `${total} found, ${examined.lines} lines looked at`;
  });
  finding.addEventListener("end", (event) => {
    stopSearching();
    const { complete, next } = JSON.parse(event.data);
    if (!complete && !next) {
      $("search-state").textContent += ", ended early";
    }
    $("more").hidden = !next;
    $("more").onclick = () => runSearch(wanted, next);
  });
  finding.onerror = async () => {
    stopSearching();
    try {
      // A stream does not tell why it is refused; an answer does.
      await api("GET", path.replace(/limit=\d+/, "limit=0"));
      $("search-state").textContent = "broken off";
    } catch (problem) {
      $("search-state").textContent = problem.message;
    }
  };
}

function stopSearching() {
  if (finding) {
    finding.close();
  }
  finding = null;
}

function resultOf(line) {
  const item = document.createElement("a");
  item.className = `row ${line.stream} ${line.level}`;
  item.href = "#" + new URLSearchParams({ workload: line.workload, line: line.lineNo });
  const time = timeOf(line);
  time.textContent = new Date(line.at).toLocaleString([], { hour12: false });
  item.append(time, span("workload", line.workload), messageOf(line.message));
  return item;
}

const SVG = "http://www.w3.org/2000/svg";

function draw(histogram, wanted) {
  const most = Math.max(1, ...histogram.counts);
  const step = histogram.stepSeconds * 1000;
  const from = Date.parse(histogram.from);
  const chart = $("histogram");
  chart.setAttribute("viewBox", `0 0 ${histogram.counts.length} 100`);
  chart.replaceChildren(
    ...histogram.counts.map((count, index) => {
      const begin = new Date(from + index * step);
      const end = new Date(Math.min(from + (index + 1) * step, Date.parse(histogram.to)));
      const bar = document.createElementNS(SVG, "g");
      // The whole height takes the click, and a few of many can be seen.
      bar.append(rectangle(index, 0, 100, "hit"));
      const height = count ? Math.max(4, (100 * count) / most) : 0;
      bar.append(rectangle(index + 0.1, 100 - height, height, "count"));
      const title = document.createElementNS(SVG, "title");
      title.textContent = `${count} from ${begin.toLocaleString()}`;
      bar.append(title);
      bar.addEventListener("click", () =>
        go({ ...wanted, since: begin.toISOString(), until: end.toISOString() }),
      );
      return bar;
    }),
  );
  const to = Date.parse(histogram.to);
  $("axis").replaceChildren(
    span("", shortTime(from, to)),
    span("", `highest: ${Math.max(...histogram.counts)} in ${widthOf(histogram.stepSeconds)}`),
    span("", shortTime(to, from)),
  );
}

// A time of an axis; its day only where the other end is of another one.
function shortTime(at, other) {
  const sameDay = new Date(at).toDateString() === new Date(other).toDateString();
  const day = sameDay ? {} : { month: "short", day: "numeric" };
  return new Date(at).toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit", second: sameDay ? "2-digit" : undefined, hour12: false });
}

function widthOf(seconds) {
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60]]) {
    if (seconds % size === 0) {
      return `${seconds / size} ${unit}`;
    }
  }
  return `${seconds} s`;
}

function rectangle(x, y, height, kind) {
  const element = document.createElementNS(SVG, "rect");
  element.setAttribute("x", x);
  element.setAttribute("y", y);
  element.setAttribute("width", kind === "count" ? 0.8 : 1);
  element.setAttribute("height", height);
  element.setAttribute("class", kind);
  return element;
}

$("search-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const now = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const chosen = $("search-since").value;
  const next = {
    search: "1",
    q: $("search-q").value.trim(),
    stream: $("search-stream").value,
    level: $("search-level").value,
    since: chosen || now.since,
    until: chosen ? "" : now.until,
  };
  if (location.hash.slice(1) === query(next).toString()) {
    route();
  } else {
    go(next);
  }
});
for (const id of ["search-stream", "search-level", "search-since"]) {
  $(id).addEventListener("change", () => $("search-form").requestSubmit());
}
