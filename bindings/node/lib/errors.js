'use strict';

const { CLASSES, STATUSES, UNCERTAIN } = require('./generated');
const native = require('./native');

/** A call that failed. `message` has no personal data; the properties that are not enumerable may. */
class DeepidvError extends Error {
  constructor(result) {
    super(messageOf(result));
    const [code, kind, retryable] = describe(result.status);
    this.code = code;
    this.kind = kind;
    this.causeCode = result.cause === undefined ? code : describe(result.cause)[0];
    this.field = result.field ?? null;
    this.httpStatus = result.http_status ?? 0;
    this.retryAfterMs = result.retry_after_ms ?? 0;
    this.apiCode = result.api_code ?? null;
    // For the support of the service.
    this.requestId = result.request_id ?? null;
    this.externalId = result.external_id ?? null;
    // With attempts, the timeout of a lookup.
    this.retryable = retryable || (code === 'DEEPIDV_E_TIMEOUT' && result.attempts !== undefined);
    hide(this, {
      apiMessage: result.message ?? null,
      hints: result.hints ?? [],
      describe: result.text ?? '',
      session: result.session ?? null,
    });
  }

  get name() {
    return this.constructor.name;
  }
}

/**
 * A session may exist, and the applicant may have been invited. Do not repeat the create in another
 * process: store `reconcileToken`, and pass it to `client.reconcile()` later.
 */
class OutcomeUnknownError extends DeepidvError {
  constructor(result) {
    super(result);
    this.reconcileToken = result.reconcile_token;
    this.sessionIds = result.session_ids;
  }
}

// A class for each class of statuses: ArgumentError, ServiceError and so on.
const classes = {};
for (const kind of CLASSES) {
  const name = `${kind[0].toUpperCase()}${kind.slice(1)}Error`;
  classes[name] = { [name]: class extends DeepidvError {} }[name];
}

function describe(status) {
  return STATUSES.get(status) ?? [native.statusName(status), 'system', false];
}

function messageOf(result) {
  const [code, kind] = describe(result.status);
  if (kind === 'untrusted') {
    // One text, so that a forger learns nothing.
    return 'The signature or the body of the webhook was not accepted.';
  }
  const field = result.field ? ` (${result.field})` : '';
  const differs = result.cause !== undefined && result.cause !== result.status;
  const cause = differs ? ` Cause: ${describe(result.cause)[0]}.` : '';
  return `${code}${field}: ${native.statusText(result.status)}${cause}`;
}

/** Returns the error for a result. */
function errorOf(result) {
  if (UNCERTAIN.has(result.status)) {
    return new OutcomeUnknownError(result);
  }
  const kind = describe(result.status)[1];
  const Class = classes[`${kind[0].toUpperCase()}${kind.slice(1)}Error`];
  return new Class(result);
}

/** Adds properties that console.log, JSON and error trackers leave out. */
function hide(object, properties) {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(object, name, { value, enumerable: false });
  }
  return object;
}

module.exports = { DeepidvError, OutcomeUnknownError, classes, errorOf, hide };
