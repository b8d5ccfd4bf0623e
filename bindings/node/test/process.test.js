'use strict';

const assert = require('node:assert');
const { execFile } = require('node:child_process');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { promisify } = require('node:util');
const { start } = require('./emulator');

const run = promisify(execFile);
let emulator;
before(async () => {
  emulator = await start();
});
after(() => emulator.stop());

/** Runs a program with a client, and returns what it printed. It must end by itself. */
async function program(text, ...flags) {
  const source = `
    const { Client } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const { ada } = require(${JSON.stringify(path.join(__dirname, 'emulator.js'))});
    let client = Client.fromEnv({ rateLimit: 0 });
    (async () => { ${text} })();`;
  const env = { ...process.env, DEEPIDV_API_KEY: 'dk_emulator', DEEPIDV_BASE_URL: emulator.url };
  const { stdout } = await run(process.execPath, [...flags, '-e', source], { env, timeout: 20000 });
  return stdout;
}

test('a client without operations does not keep the process alive', async () => {
  assert.strictEqual(await program('console.log((await client.create(ada())).found);'), 'false\n');
});

test('a client with operations keeps it alive, and is not collected', async () => {
  const printed = await program(
    `for (let i = 0; i < 20; i++) client.create(ada()).then(({ id }) => console.log(typeof id));
    client = null;
    for (let i = 0; i < 5; i++) { globalThis.gc(); new Array(1e6).fill({}); }`,
    '--expose-gc',
  );
  assert.strictEqual(printed, 'string\n'.repeat(20));
});

test('clients are collected', async () => {
  const printed = await program(
    `const fs = require('fs');
    const open = () => fs.readdirSync('/proc/self/fd').length;
    const before = open();
    for (let i = 0; i < 200; i++) Client.fromEnv();
    for (let i = 0; i < 200 && open() > before; i++) {
      globalThis.gc();
      await new Promise(setImmediate);
    }
    console.log(open() - before);`,
    '--expose-gc',
  );
  assert.strictEqual(printed, '0\n');
});

test('the process can end while operations are in flight', async () => {
  await emulator.fault({ kind: 'wait', milliseconds: 60000 });
  const printed = await program(
    "client.retrieve('sess_1'); setTimeout(() => { console.log('end'); process.exit(); }, 200);",
  );
  assert.strictEqual(printed, 'end\n');
  await emulator.noFaults();
});

test('a worker thread has its own clients, and can be terminated', async () => {
  await emulator.fault({ kind: 'wait', milliseconds: 60000 });
  const worker = `
    const { parentPort } = require('worker_threads');
    const { Client } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const client = Client.fromEnv();
    client.retrieve('sess_1');
    setTimeout(() => parentPort.postMessage('ready'), 200);`;
  const printed = await program(
    `const { Worker } = require('worker_threads');
    const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
    worker.on('message', async () => console.log('terminated', await worker.terminate()));`,
  );
  assert.strictEqual(printed, 'terminated 1\n');
  await emulator.noFaults();
});

test('a handler may throw or close the client', async () => {
  const printed = await program(
    `process.on('uncaughtException', (error) => { console.log(error.message); client.close(); });
    client.create(ada()).then(() => { process.nextTick(() => { throw new Error('mine'); }); });`,
  );
  assert.strictEqual(printed, 'mine\n');
});
