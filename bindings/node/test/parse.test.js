'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const deepidv = require('..');
const { CLASSES, Fact } = require('../lib/generated');

test('a redirect is decoded', () => {
  const redirect = deepidv.parseRedirect('/cb?session_id=s%C3%A9ss&status=failed&reason=face_mismatch&mine=1+2');
  assert.strictEqual(redirect.sessionId, 'séss');
  assert.deepStrictEqual([redirect.status, redirect.reason], ['FAILED', 'FACE_MISMATCH']);
  assert.deepStrictEqual(redirect.params[3], { name: 'mine', value: '1 2' });
  assert(redirect.matches('séss') && !redirect.matches('sess'));
  assert.strictEqual(deepidv.parseRedirect('?status=new').status, 'OTHER');
  assert.deepStrictEqual(deepidv.parseRedirect(Buffer.from([0x3f, 0xff])).params[0].name, '\ufffd');
  assert.strictEqual(deepidv.parseRedirect(`?x=${'y'.repeat(20000)}`).params[0].value.length, 20000);
  assert.deepStrictEqual(deepidv.parseRedirect('').facts, ['NO_SESSION_ID']);
  assert.strictEqual(Fact.NO_SESSION_ID, 1);
});

test('a repeated parameter is refused', () => {
  assert.throws(() => deepidv.parseRedirect('?status=failed&status=success'), { code: 'DEEPIDV_E_REPEATED' });
});

test('a webhook is verified before it is read', () => {
  const body = '{"type": "session.status.verified", "data": {"id": "s", "status": "VERIFIED"}}';
  const webhook = deepidv.openWebhook(Buffer.from(body), 'whsec_b', ['whsec_a', 'whsec_b']);
  assert.deepStrictEqual(
    [webhook.type, webhook.verdict, webhook.sessionId],
    ['SESSION_VERIFIED', 'VERIFIED', 's'],
  );
  assert(webhook.supersedes(null) && !webhook.supersedes(webhook.key));
  const errors = [[body, 'x'], [body, undefined], ['{}', 'whsec_a']].map(([sent, signature]) => {
    try {
      return deepidv.openWebhook(sent, signature, 'whsec_a');
    } catch (error) {
      return error;
    }
  });
  assert.deepStrictEqual(
    errors.map((error) => error.code),
    ['DEEPIDV_E_WEBHOOK_SIGNATURE', 'DEEPIDV_E_WEBHOOK_SIGNATURE', 'DEEPIDV_E_WEBHOOK'],
  );
  assert(errors.every((error) => error instanceof deepidv.UntrustedError && error.message === errors[0].message));
});

test('there is an error for each class of statuses', () => {
  for (const kind of CLASSES) {
    const name = `${kind[0].toUpperCase()}${kind.slice(1)}Error`;
    assert(deepidv[name].prototype instanceof deepidv.DeepidvError, name);
  }
});
