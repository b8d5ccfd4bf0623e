'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const readline = require('node:readline');
const { Client } = require('..');

/** Starts an emulator. DEEPIDV_EMULATOR is its path. */
async function start() {
  const options = ['--port', '0', '--rate', '0', '--exit-with-parent'];
  const child = spawn(process.env.DEEPIDV_EMULATOR, options, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(readline.createInterface({ input: child.stdout }), 'line');
  const url = line.split(' ').at(-1);
  const faults = (method, body) => fetch(`${url}/emulator/faults`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return {
    url,
    client: (options = {}) => new Client({ apiKey: 'dk_emulator', baseUrl: url, rateLimit: 0, ...options }),
    fault: (body) => faults('POST', body),
    noFaults: () => faults('DELETE'),
    stop: () => {
      child.stdin.end();
      return once(child, 'exit');
    },
  };
}

let people = 0;

/** Returns another applicant each time, because a repeated create is guarded. */
function ada(fields = {}) {
  people += 1;
  return {
    firstName: 'Ада', lastName: `Lovelace ${people}`, email: 'ada@example.com', phone: '+15192223333', ...fields,
  };
}

module.exports = { start, ada };
