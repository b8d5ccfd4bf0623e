'use strict';

const assert = require('node:assert');
const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
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
async function program(text, flags = [], variables = {}) {
  const source = `
    const { Client } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const { ada } = require(${JSON.stringify(path.join(__dirname, 'emulator.js'))});
    let client = Client.fromEnv({ rateLimit: 0 });
    (async () => { ${text} })();`;
  const env = {
    ...process.env, DEEPIDV_API_KEY: 'dk_emulator', DEEPIDV_BASE_URL: emulator.url, ...variables,
  };
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
    ['--expose-gc'],
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
    ['--expose-gc'],
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

test('an outcome is told also if memory runs out for its description', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'deepidv-'));
  const source = path.join(folder, 'describe.c');
  const library = path.join(folder, 'describe.so');
  fs.writeFileSync(source, `#include <stddef.h>
    const char *deepidv_result_describe(const void *result, size_t *length) { *length = 0; return NULL; }`);
  await run('cc', ['-shared', '-fPIC', '-o', library, source]);
  const printed = await program(
    `const emulator = process.env.DEEPIDV_BASE_URL + '/emulator/faults';
    const headers = { 'Content-Type': 'application/json' };
    const fault = (body) => fetch(emulator, { method: 'POST', headers, body: JSON.stringify(body) });
    const created = await client.create(ada({ externalId: 'described' }));
    console.log(created.url.includes(created.id), created.describe === '', created.links.length);
    console.log((await client.list({ externalId: 'described' })).ids.includes(created.id));
    await client.retrieve('sess_none').catch((error) => console.log(error.code, error.httpStatus));
    await fault({ kind: 'close', method: 'POST' });
    await fault({ kind: 'status', status: 500, method: 'GET', count: 999 });
    client = Client.fromEnv({ rateLimit: 0, timeoutMs: 2000 });
    const unknown = await client.create(ada()).catch((error) => error);
    console.log(unknown.name, unknown.retryable);
    await fetch(emulator, { method: 'DELETE' });
    console.log((await client.reconcile(unknown.reconcileToken)).reconciled);`,
    [],
    { LD_PRELOAD: library },
  );
  fs.rmSync(folder, { recursive: true });
  assert.strictEqual(
    printed,
    'true true 0\ntrue\nDEEPIDV_E_NOT_FOUND 404\nOutcomeUnknownError false\ntrue\n',
  );
});

test('a handler may throw or close the client', async () => {
  const printed = await program(
    `process.on('uncaughtException', (error) => { console.log(error.message); client.close(); });
    client.create(ada()).then(() => { process.nextTick(() => { throw new Error('mine'); }); });`,
  );
  assert.strictEqual(printed, 'mine\n');
});
