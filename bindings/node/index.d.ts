import type {
  Applicant, Code, Decision, Fact, Options, Reason, RedirectStatus, ResultFact, Verdict, WebhookType,
} from './lib/generated';

export type {
  Applicant, Code, Decision, Fact, Options, Reason, RedirectStatus, ResultFact, Verdict, WebhookType,
};

/** Cancels the operation. The promise still says whether a session may exist. */
export interface Cancellable {
  signal?: AbortSignal;
}

/** A session of the service. Its texts may contain personal data. */
export interface Session {
  id: string;
  /** For the applicant; only a create returns it. */
  url: string | null;
  externalId: string | null;
  expiresAt: string | null;
  /** In the service's words, such as VERIFIED. */
  status: string | null;
  progress: string | null;
  verdict: Verdict;
  /** It existed before findOrCreate. */
  found: boolean;
  /** It was found by a search, so it has no URL. */
  reconciled: boolean;
  attempts: number;
  facts: ResultFact[];
  links: { url: string; rel: string | null }[];
  /** The body of the response. Not enumerable. */
  readonly raw: Buffer | null;
  /** The whole result as JSON: see deepidv_result_describe. Not enumerable. */
  readonly describe: string;
}

/** A page of the list of sessions. */
export interface Page {
  ids: string[];
  /** For the next page, or null on the last one. */
  nextToken: string | null;
  /** The records as the service returned them. */
  sessions: Record<string, unknown>[];
  readonly raw: Buffer;
  readonly describe: string;
}

/** Sends requests to the service. One client serves a whole process. */
export class Client {
  constructor(options: Options & { environment?: boolean });
  /** Creates a client with the options in the environment, such as DEEPIDV_API_KEY. */
  static fromEnv(options?: Options): Client;
  /** Creates a session, which costs tokens and invites the applicant. */
  create(applicant: Applicant | string, options?: Cancellable): Promise<Session>;
  /** Searches for the session with the external id of the applicant; creates it if there is none. */
  findOrCreate(applicant: Applicant | string, options?: Cancellable): Promise<Session>;
  /** Retrieves the record of a session. Only the record confirms an outcome. */
  retrieve(sessionId: string, options?: Cancellable): Promise<Session>;
  /** Retrieves a page of sessions. */
  list(options?: Cancellable & { externalId?: string; limit?: number; nextToken?: string }): Promise<Page>;
  /** Verifies or rejects a session. */
  updateStatus(sessionId: string, decision: Decision, options?: Cancellable): Promise<Session>;
  /** Compares a redirect with the session that you expect, and retrieves that session. */
  confirm(redirect: string | Uint8Array, sessionId: string, options?: Cancellable): Promise<Session>;
  /** Searches for the session of a create whose outcome is unknown. */
  reconcile(token: string, options?: Cancellable): Promise<Session>;
  /** Waits until a session is decided, or cannot be any more: at most 300,000 ms by default. */
  wait(sessionId: string, options?: Cancellable & { timeoutMs?: number }): Promise<Session>;
  /** Cancels the operations in flight, which still settle their promises, and accepts no more. */
  close(): void;
}

/** What the query of a redirect claims, decoded. Nothing in it is signed: see Client.confirm. */
export interface Redirect {
  sessionId: string | null;
  status: RedirectStatus;
  statusText: string | null;
  reason: Reason;
  reasonText: string | null;
  facts: Fact[];
  fragment: string | null;
  otherSessionId: string | null;
  params: { name: string; value: string }[];
  readonly describe: string;
  /** Compares the session id with the one that you stored, in constant time. */
  matches(sessionId: string): boolean;
}

/** An event whose signature was verified. */
export interface Webhook {
  type: WebhookType;
  typeText: string;
  key: string;
  verdict: Verdict;
  sessionId: string;
  externalId: string | null;
  status: string | null;
  progress: string | null;
  readonly describe: string;
  /** Whether the event replaces the one with this key, which may be null. */
  supersedes(key: string | null): boolean;
}

/** Checks an applicant without sending it. */
export function check(applicant: Applicant | string): void;
/** Checks an option by its key, such as timeout_ms. */
export function checkOption(key: string, value: string): void;
/** Reads a redirect: an absolute URL, a path with a query, or a query. */
export function parseRedirect(url: string | Uint8Array): Redirect;
/** Verifies the header deepidv-signature with the secrets, then reads the body. */
export function openWebhook(
  body: Uint8Array | string, signature: string | undefined, secrets: string | string[],
): Webhook;
/** Returns the version of the loaded library. */
export function version(): string;
/** Returns the version of the interface of the loaded library: major * 65536 + minor. */
export function abiVersion(): number;
/** Says what is wrong with the libcurl that is loaded; an empty text if all is well. */
export function libcurlProblem(): string;

/** A call that failed. `message` has no personal data; what is not enumerable may have some. */
export class DeepidvError extends Error {
  readonly code: Code;
  /** The class of the status, such as service. */
  readonly kind: string;
  /** The reason, such as DEEPIDV_E_CONNECT; otherwise equal to code. */
  readonly causeCode: Code;
  /** The option, field or parameter that was refused. */
  readonly field: string | null;
  readonly httpStatus: number;
  readonly retryAfterMs: number;
  readonly apiCode: string | null;
  /** The id that the service gave the request, for its support. */
  readonly requestId: string | null;
  readonly externalId: string | null;
  /** Whether the same call is safe to repeat. */
  readonly retryable: boolean;
  readonly apiMessage: string | null;
  readonly hints: string[];
  readonly describe: string;
  /** Of Client.wait: the record that was seen last. */
  readonly session: Session | null;
}

/** A session may exist, and the applicant may have been invited. Do not repeat the create elsewhere. */
export class OutcomeUnknownError extends DeepidvError {
  readonly reconcileToken: string | null;
  readonly sessionIds: string[];
}

export class ArgumentError extends DeepidvError {}
export class AnswerError extends DeepidvError {}
export class ClientError extends DeepidvError {}
export class NetworkError extends DeepidvError {}
export class OutcomeError extends DeepidvError {}
export class ServiceError extends DeepidvError {}
export class SystemError extends DeepidvError {}
export class UntrustedError extends DeepidvError {}
