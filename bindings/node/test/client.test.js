'use strict';

const assert = require('node:assert');
const { after, afterEach, before, test } = require('node:test');
const deepidv = require('..');
const { ada, start } = require('./emulator');

let emulator;
before(async () => {
  emulator = await start();
});
afterEach(() => emulator.noFaults());
after(() => emulator.stop());

const unique = (name) => `${name}-${process.hrtime.bigint()}`;
const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('a session from create to decision', async () => {
  const client = emulator.client();
  const externalId = unique('життя');
  const applicant = ada({ externalId });
  const created = await client.create(applicant);
  assert(created.url.includes(created.id));
  const found = await client.findOrCreate(applicant);
  assert(found.found && found.id === created.id && found.url === null);
  const record = await client.retrieve(created.id);
  assert.strictEqual(record.externalId, externalId);
  assert.strictEqual(record.verdict, 'PENDING');
  assert(record.raw.includes(externalId) && !JSON.stringify(record).includes('session_record'));
  const page = await client.list({ externalId, limit: 10 });
  assert.deepStrictEqual([page.ids, page.nextToken, page.sessions[0].status], [[created.id], null, 'PENDING']);
  assert.strictEqual((await client.updateStatus(created.id, 'VERIFIED')).verdict, 'VERIFIED');
  assert.strictEqual((await client.wait(created.id)).verdict, 'VERIFIED');
  const confirmed = await client.confirm(`/cb?session_id=${created.id}&status=failed`, created.id);
  assert.strictEqual(confirmed.verdict, 'VERIFIED');
  assert.strictEqual((await client.confirm('/cb?session_id=x', created.id)).verdict, 'FORGED');
  client.close();
});

test('a wait ends with the last record', async () => {
  const client = emulator.client();
  const { id } = await client.create(ada());
  await assert.rejects(client.wait(id, { timeoutMs: 1000 }), (error) => {
    assert(error instanceof deepidv.AnswerError && error.retryable);
    assert.strictEqual(error.session.id, id);
    return error.code === 'DEEPIDV_E_TIMEOUT';
  });
  await assert.rejects(client.wait(id, { timeoutMs: -1 }), { code: 'DEEPIDV_E_RANGE' });
});

test('fields and options are refused', async () => {
  const client = emulator.client();
  for (const [applicant, code, field] of [
    [ada({ phone: '1' }), 'DEEPIDV_E_PHONE', 'phone'],
    [ada({ firstName: 'a\0b' }), 'DEEPIDV_E_NUL', 'first_name'],
    [ada({ lastName: '\ud800' }), 'DEEPIDV_E_JSON', null],
    [ada({ phone: undefined }), 'DEEPIDV_E_REQUIRED', 'phone'],
    [ada({ middleName: 'x' }), 'DEEPIDV_E_FIELD', null],
  ]) {
    await assert.rejects(client.create(applicant), (error) => {
      assert(error instanceof deepidv.ArgumentError && !error.retryable, error);
      assert.strictEqual(error.code, code ?? error.code);
      return field === null || error.field === field;
    });
  }
  await assert.rejects(client.findOrCreate(ada()), { field: 'external_id' });
  assert.throws(() => emulator.client({ timeoutMs: 0 }), { code: 'DEEPIDV_E_RANGE', field: 'timeout_ms' });
  assert.throws(() => emulator.client({ timeout: 1 }), { code: 'DEEPIDV_E_KEY', field: 'timeout' });
  assert.throws(() => emulator.client({ baseUrl: 'http://a.example' }), { code: 'DEEPIDV_E_SCHEME' });
  emulator.client({ baseUrl: 'http://a.example', allowHttpHosts: ['b.example', 'a.example'] });
});

test('arguments that cannot be converted are refused', async () => {
  const client = emulator.client();
  const id = 'sess_1';
  const mine = new Error('mine');
  const bad = { toString() { throw mine; } };
  for (const [value, expected] of [
    [bad, mine],
    [Symbol('x'), { name: 'TypeError' }],
    ['\ud800', { code: 'DEEPIDV_E_UTF8' }],
    ['a\udc00\ud800b', { code: 'DEEPIDV_E_UTF8' }],
  ]) {
    for (const call of [
      () => client.list({ externalId: value }),
      () => client.list({ nextToken: value }),
      () => client.list({ externalId: 'x', nextToken: value }),
      () => client.retrieve(value),
      () => client.updateStatus(value, 'VERIFIED'),
      () => client.confirm(value, id),
      () => client.confirm('?session_id=x', value),
      () => client.reconcile(value),
      () => client.wait(value),
      async () => emulator.client({ apiKey: value }),
      async () => deepidv.checkOption('api_key', value),
      async () => deepidv.checkOption(value, '1'),
      async () => deepidv.parseRedirect(value),
      async () => deepidv.parseRedirect('?session_id=x').matches(value),
      async () => deepidv.openWebhook(value, 'x', 'whsec_a'),
      async () => deepidv.openWebhook('{}', value, 'whsec_a'),
      async () => deepidv.openWebhook('{}', 'x', ['whsec_a', value]),
    ]) {
      await assert.rejects(call, expected, `${call}`);
    }
  }
  for (const call of [client.retrieve, client.wait, client.reconcile, (value) => client.confirm('?', value)]) {
    await assert.rejects(call.call(client, undefined), { code: 'DEEPIDV_E_NULL' });
  }
  for (const limit of ['abc', '10', NaN, -1, 1.5, 2 ** 32, Infinity, {}, true]) {
    await assert.rejects(client.list({ limit }), { code: 'DEEPIDV_E_RANGE' }, `${limit}`);
  }
  for (const timeoutMs of ['abc', NaN, Infinity]) {
    await assert.rejects(client.wait(id, { timeoutMs }), { code: 'DEEPIDV_E_RANGE' });
  }
  await assert.rejects(client.updateStatus(id, 'toString'), { code: 'DEEPIDV_E_RANGE' });
  // Pairs, and the character that Node puts for what is not one, are texts like others.
  const externalId = unique('\u{1f600}\ufffd');
  assert.strictEqual((await client.create(ada({ externalId }))).externalId, externalId);
  assert.strictEqual((await client.list({ externalId, limit: null })).ids.length, 1);
});

test('nothing is submitted with a signal that cannot be watched', async () => {
  const client = emulator.client();
  const externalId = unique('signal');
  const signal = { throwIfAborted() {} };
  await assert.rejects(client.create(ada({ externalId }), { signal }), TypeError);
  await delay(300);
  assert.deepStrictEqual((await client.list({ externalId })).ids, []);
});

test('errors of the service', async () => {
  const client = emulator.client();
  await assert.rejects(client.retrieve('sess_none'), (error) => {
    assert(error instanceof deepidv.ServiceError && error.code === 'DEEPIDV_E_NOT_FOUND');
    return error.httpStatus === 404 && error.name === 'ServiceError';
  });
  const body = JSON.stringify({ message: 'Ada is refused' });
  await emulator.fault({ kind: 'status', status: 400, method: 'POST', body });
  await assert.rejects(client.create(ada()), (error) => {
    assert.strictEqual(error.apiMessage, 'Ada is refused');
    const printed = require('node:util').inspect(error) + JSON.stringify(error);
    assert(!printed.includes('Ada'), 'personal data in a log');
    return error.describe.includes('Ada');
  });
  await emulator.fault({ kind: 'status', status: 429, method: 'POST', count: 99 });
  await assert.rejects(emulator.client({ timeoutMs: 1000 }).create(ada()), { retryable: true });
});

test('an unknown outcome is reconciled', async () => {
  const client = emulator.client({ timeoutMs: 2000 });
  const externalId = unique('unknown');
  await emulator.fault({ kind: 'close', method: 'POST' });
  await emulator.fault({ kind: 'status', status: 500, method: 'GET', count: 999 });
  let token;
  await assert.rejects(client.create(ada({ externalId })), (error) => {
    token = error.reconcileToken;
    return error instanceof deepidv.OutcomeUnknownError && !error.retryable;
  });
  await emulator.noFaults();
  const session = await client.reconcile(token);
  assert(session.reconciled && session.externalId === externalId);
});

test('a signal cancels, and the outcome is still reported', async () => {
  const client = emulator.client();
  await emulator.fault({ kind: 'wait', milliseconds: 30000, count: 2 });
  const create = client.create(ada(), { signal: AbortSignal.timeout(1000) });
  await assert.rejects(create, (error) => {
    assert(error.reconcileToken);
    return error instanceof deepidv.OutcomeUnknownError;
  });
  const controller = new AbortController();
  const retrieve = client.retrieve('sess_1', { signal: controller.signal });
  await delay(500);
  controller.abort();
  await assert.rejects(retrieve, { name: 'AbortError' });
  await assert.rejects(client.create(ada(), { signal: controller.signal }), { name: 'AbortError' });
});

test('fifty promises at once', async () => {
  const client = emulator.client();
  const sessions = await Promise.all(Array.from({ length: 50 }, () => client.create(ada())));
  assert.strictEqual(new Set(sessions.map((session) => session.id)).size, 50);
});

test('close settles what is in flight', async () => {
  const client = emulator.client();
  await emulator.fault({ kind: 'wait', milliseconds: 30000 });
  const retrieve = client.retrieve('sess_1');
  await delay(500);
  client.close();
  client.close();
  await assert.rejects(client.retrieve('x'), { code: 'DEEPIDV_E_CLOSED' });
  await assert.rejects(retrieve, { code: 'DEEPIDV_E_CANCELLED' });
  await assert.rejects(client.retrieve('x'), { code: 'DEEPIDV_E_CLOSED' });
});
