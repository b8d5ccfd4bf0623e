// The conformance driver of the Node package. The commands are in conformance/README.md.
'use strict';

const readline = require('node:readline');
const deepidv = require('..');

const client = deepidv.Client.fromEnv();
const [major, minor] = [deepidv.abiVersion() >>> 16, deepidv.abiVersion() & 0xffff];

/** Returns the name of the status, and the field if there is one. */
function status(error) {
  return error.field ? `${error.code}\t${error.field}` : error.code;
}

/** Returns the JSON of a result, also of a failed one. */
async function show(call) {
  try {
    return (await call()).describe;
  } catch (error) {
    return error.describe || status(error);
  }
}

function statusOf(call) {
  try {
    call();
    return 'DEEPIDV_OK';
  } catch (error) {
    return status(error);
  }
}

async function many(name, count, request) {
  const tags = Array.from({ length: Number(count) }, (_, index) => index + 1);
  const creates = tags.map(async (tag) => {
    const { id } = await client.create({ ...JSON.parse(request), externalId: `${name}-${tag}` });
    return { tag, id };
  });
  if (name === 'collect') {
    for (let i = 0; i < 1000; i += 1) {
      deepidv.Client.fromEnv();
    }
    globalThis.gc();
  }
  const done = await Promise.all(creates);
  const sum = done.reduce((total, { tag }) => total + tag, 0);
  return `${done.length} completions, tags ${sum}, ${new Set(done.map(({ id }) => id)).size} sessions`;
}

// The promise is rejected with the reason of the signal when the operation has been cancelled.
async function cancel(id) {
  const signal = AbortSignal.timeout(50);
  try {
    await client.retrieve(id, { signal });
    return 'DEEPIDV_OK';
  } catch (error) {
    return error === signal.reason ? 'DEEPIDV_E_TIMEOUT\tDEEPIDV_E_CANCELLED' : status(error);
  }
}

async function order(request) {
  const other = deepidv.Client.fromEnv();
  const session = await show(() => other.create(request));
  other.close();
  return session;
}

function matches(url, id) {
  try {
    return deepidv.parseRedirect(url).matches(id) ? 'DEEPIDV_OK' : 'DEEPIDV_E_MISMATCH';
  } catch (error) {
    return status(error);
  }
}

const commands = {
  version: () => `${major}.${minor}`,
  redirect: (url) => show(() => deepidv.parseRedirect(url)),
  matches,
  webhook: (secret, signature, body) => show(() => deepidv.openWebhook(body, signature, secret)),
  option: (name, value) => statusOf(() => deepidv.checkOption(name, value)).split('\t')[0],
  check: (request) => statusOf(() => deepidv.check(request)),
  create: (request) => show(() => client.create(request)),
  find: (request) => show(() => client.findOrCreate(request)),
  retrieve: (id) => show(() => client.retrieve(id)),
  list: (externalId, limit) => show(() => client.list({ externalId, limit: Number(limit) })),
  update: (id, decision) => show(() => client.updateStatus(id, decision)),
  confirm: (redirect, id) => show(() => client.confirm(redirect, id)),
  reconcile: (token) => show(() => client.reconcile(token)),
  many: (...values) => many('many', ...values),
  collect: (...values) => many('collect', ...values),
  cancel,
  nul: (request) => statusOf(() => deepidv.check({ ...JSON.parse(request), first_name: 'a\0b' })).split('\t')[0],
  order,
  fork: () => 'unsupported',
};

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, ...values] = line.split('\t');
    process.stdout.write(`${await commands[name](...values)}\n`);
  }
}

main();
