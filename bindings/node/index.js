'use strict';

const generated = require('./lib/generated');
const { DeepidvError, OutcomeUnknownError, classes, errorOf, hide } = require('./lib/errors');
const native = require('./lib/native');

native.init((status, field) => errorOf({ status, field }));

// The kinds of operation: DEEPIDV_EVENT_...
const [CREATE, RECONCILE, RETRIEVE, LIST, CONFIRM, FIND_OR_CREATE, UPDATE_STATUS, WAIT] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Sends requests to the service. One client serves a whole process. */
class Client {
  #native;

  constructor(options = {}) {
    const { environment, ...others } = options;
    this.#native = native.open(optionList(others), Boolean(environment));
  }

  /** Creates a client with the options in the environment, such as DEEPIDV_API_KEY. */
  static fromEnv(options = {}) {
    return new Client({ ...options, environment: true });
  }

  /** Creates a session, which costs tokens and invites the applicant. */
  async create(applicant, { signal } = {}) {
    return sessionOf(await this.#run(signal, CREATE, jsonOf(applicant)));
  }

  /** Searches for the session with the external id of the applicant; creates it if there is none. */
  async findOrCreate(applicant, { signal } = {}) {
    return sessionOf(await this.#run(signal, FIND_OR_CREATE, jsonOf(applicant)));
  }

  /** Retrieves the record of a session. */
  async retrieve(sessionId, { signal } = {}) {
    return sessionOf(await this.#run(signal, RETRIEVE, sessionId));
  }

  /** Retrieves a page of sessions. */
  async list({ externalId = null, limit = 0, nextToken = null, signal } = {}) {
    return pageOf(await this.#run(signal, LIST, externalId, nextToken, limit));
  }

  /** Verifies or rejects a session: decision is 'VERIFIED' or 'REJECTED'. */
  async updateStatus(sessionId, decision, { signal } = {}) {
    const number = generated.Decision[decision] ?? 0;
    return sessionOf(await this.#run(signal, UPDATE_STATUS, sessionId, null, number));
  }

  /** Compares a redirect with the session that you expect, and retrieves that session. */
  async confirm(redirect, sessionId, { signal } = {}) {
    return sessionOf(await this.#run(signal, CONFIRM, redirect, sessionId));
  }

  /** Searches for the session of a create whose outcome is unknown. */
  async reconcile(token, { signal } = {}) {
    return sessionOf(await this.#run(signal, RECONCILE, token));
  }

  /** Waits until a session is decided, or cannot be any more. */
  async wait(sessionId, { timeoutMs = 300000, signal } = {}) {
    return sessionOf(await this.#run(signal, WAIT, sessionId, null, Math.ceil(timeoutMs)));
  }

  /** Cancels the operations in flight, which still settle their promises, and accepts no more. */
  close() {
    native.close(this.#native);
  }

  async #run(signal, kind, ...values) {
    signal?.throwIfAborted();
    let operation;
    const cancel = () => operation !== undefined && native.cancel(this.#native, operation);
    // Before the operation is submitted, because a signal of another kind may throw.
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      let promise;
      [operation, promise] = native.submit(this.#native, kind, ...values);
      if (signal?.aborted) {
        cancel();
      }
      const [text, raw, fields] = await promise;
      const result = fields ?? JSON.parse(text);
      // A forged redirect is a verdict.
      if (result.status !== 0 && result.verdict !== generated.Verdict.FORGED) {
        throwFailure(result, text, raw, signal);
      }
      return { result, text: text ?? '', raw };
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }
}

function throwFailure(result, text, raw, signal) {
  const seen = result.session_id && result.status_name === 'DEEPIDV_E_TIMEOUT';
  const session = seen ? sessionOf({ result, text, raw }) : null;
  const error = errorOf({ ...result, text, session });
  if (signal?.aborted && !(error instanceof OutcomeUnknownError)) {
    throw signal.reason;
  }
  throw error;
}

function optionList(options) {
  const list = [];
  // allowHttpHosts must be set before baseUrl.
  const { allowHttpHosts, ...others } = options;
  for (const [name, value] of Object.entries({ allowHttpHosts, ...others })) {
    if (value !== undefined && value !== null) {
      list.push(generated.OPTIONS[name] ?? name, typeof value === 'boolean' ? Number(value) : value);
    }
  }
  return list;
}

function jsonOf(applicant) {
  return typeof applicant === 'string' ? applicant : JSON.stringify(applicant);
}

function nameOf(constants, number, fallback) {
  return Object.keys(constants).find((name) => constants[name] === number) ?? fallback;
}

function flagsOf(constants, bits) {
  return Object.keys(constants).filter((name) => bits & constants[name]);
}

function sessionOf({ result, text, raw }) {
  const session = {
    id: result.session_id,
    url: result.session_url,
    externalId: result.external_id,
    expiresAt: result.expires_at,
    status: result.session_status,
    progress: result.session_progress,
    verdict: nameOf(generated.Verdict, result.verdict, 'UNKNOWN'),
    found: result.found,
    reconciled: result.reconciled,
    attempts: result.attempts,
    facts: flagsOf(generated.ResultFact, result.facts),
    links: result.links,
  };
  return hide(session, { raw, describe: text });
}

function pageOf({ result, text, raw }) {
  const { sessions = [] } = JSON.parse(raw) ?? {};
  return hide({ ids: result.session_ids, nextToken: result.next_token, sessions }, { raw, describe: text });
}

/** Checks an applicant without sending it. */
function check(applicant) {
  native.check(jsonOf(applicant));
}

/** Checks an option by its key, such as timeout_ms. */
function checkOption(key, value) {
  native.checkOption(key, value);
}

/** Reads a redirect: an absolute URL, a path with a query, or a query. */
function parseRedirect(url) {
  const text = native.describeRedirect(url);
  const read = JSON.parse(text);
  const redirect = {
    sessionId: read.session_id,
    status: nameOf(generated.RedirectStatus, read.status, 'OTHER'),
    statusText: read.status_text,
    reason: nameOf(generated.Reason, read.reason, 'OTHER'),
    reasonText: read.reason_text,
    facts: flagsOf(generated.Fact, read.facts),
    fragment: read.fragment,
    otherSessionId: read.other_session_id,
    params: read.params,
  };
  return hide(redirect, { describe: text, matches: (sessionId) => native.matches(url, sessionId) });
}

/** Verifies the header deepidv-signature with the secrets, then reads the body, a Buffer or a string. */
function openWebhook(body, signature, secrets) {
  const text = native.openWebhook(body, signature, [secrets].flat());
  const read = JSON.parse(text);
  const webhook = {
    type: nameOf(generated.WebhookType, read.type, 'OTHER'),
    typeText: read.type_text,
    key: read.key,
    verdict: nameOf(generated.Verdict, read.verdict, 'UNKNOWN'),
    sessionId: read.session_id,
    externalId: read.external_id,
    status: read.session_status,
    progress: read.session_progress,
  };
  return hide(webhook, { describe: text, supersedes: (key) => native.supersedes(read.key, key ?? null) });
}

/** Returns the version of the loaded library. */
function version() {
  return native.version();
}

/** Returns the version of the interface of the loaded library: major * 65536 + minor. */
function abiVersion() {
  return native.abiVersion();
}

/** Says what is wrong with the libcurl that is loaded; an empty text if all is well. */
function libcurlProblem() {
  return native.libcurlProblem();
}

module.exports = {
  Client,
  check,
  checkOption,
  parseRedirect,
  openWebhook,
  version,
  abiVersion,
  libcurlProblem,
  DeepidvError,
  OutcomeUnknownError,
  ArgumentError: classes.ArgumentError,
  SystemError: classes.SystemError,
  AnswerError: classes.AnswerError,
  ClientError: classes.ClientError,
  UntrustedError: classes.UntrustedError,
  OutcomeError: classes.OutcomeError,
  ServiceError: classes.ServiceError,
  NetworkError: classes.NetworkError,
};
