// Creates sessions with Node's fetch: create.mjs URL IN_FLIGHT COUNT. At most 64 run concurrently; others wait.

import { randomUUID } from "node:crypto";

const CONNECTIONS = 64;
const [baseURL, inFlight, count] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
let latencies = [];

const applicant = (number) => ({
  first_name: "Applicant",
  last_name: `Number ${number}`,
  email: `applicant.${number}@example.com`,
  phone: "+15192223333",
  external_id: "didv_" + randomUUID().replaceAll("-", ""),
  workflow_id: "wf_abc123",
  redirect_url: "https://yourapp.com/verify-callback?cart=8821",
});

async function create(count, inFlight) {
  const waiting = [];
  let submitted = 0;
  const submit = () => {
    if (submitted < count) {
      waiting.push([performance.now(), JSON.stringify(applicant(submitted++))]);
    }
  };
  for (let i = 0; i < inFlight; i++) submit();
  // The queue is an array with an index of its head, because shift() is slow.
  let head = 0;
  const work = async () => {
    while (head < waiting.length) {
      const [begun, body] = waiting[head];
      waiting[head++] = undefined;
      const response = await fetch(baseURL + "/v1/sessions", {
        method: "POST",
        headers: { "x-api-key": "dk_benchmark", "Content-Type": "application/json", Accept: "application/json" },
        body,
      });
      const session = await response.json();
      if (response.status !== 200 || session.id !== "sess_5f8a7c2b9e4d4c1a8f3e6d7b2a1c0e9f") {
        throw new Error("unexpected response");
      }
      latencies.push(performance.now() - begun);
      submit();
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, CONNECTIONS) }, work));
}

await create(4 * CONNECTIONS, Math.min(inFlight, CONNECTIONS));
latencies = [];
const begun = performance.now();
const cpu = process.cpuUsage();
await create(count, inFlight);
const seconds = (performance.now() - begun) / 1000;
const used = process.cpuUsage(cpu);
latencies.sort((a, b) => a - b);
console.log(
  [
    (count / seconds).toFixed(0),
    ((used.user + used.system) / count).toFixed(1),
    (latencies[Math.floor(count / 2)] * 1000).toFixed(0),
    (latencies[Math.floor(count / 100) * 99] * 1000).toFixed(0),
    process.resourceUsage().maxRSS,
  ].join(" "),
);
process.exit(0);
