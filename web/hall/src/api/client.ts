// Every talk with the service goes through here: typed by the contract, answered with data or with
// a Problem, never with anything in between.

import type { components, paths } from '#contract';

type Schemas = components['schemas'];
export type Centre = Schemas['Centre'];
export type Challenge = Schemas['Challenge'];
export type RegistrationStarted = Schemas['RegistrationStarted'];
export type RegistrationOutcome = Schemas['RegistrationOutcome'];
export type Overview = Schemas['Overview'];
export type Account = Schemas['Account'];
export type Handler = Schemas['Handler'];
export type Strip = Schemas['Strip'];
export type MonthState = Schemas['MonthState'];
export type Entry = Schemas['Entry'];
export type Entries = Schemas['Entries'];
export type Application = Schemas['Application'];
export type Loan = Schemas['Loan'];
export type Withdrawals = Schemas['Withdrawals'];
export type Withdrawal = Schemas['Withdrawal'];
export type LoanAnswer = Schemas['LoanAnswer'];
export type LoanDetail = Schemas['LoanDetail'];
export type LoanEntry = Schemas['LoanEntry'];
export type Prepayment = Schemas['Prepayment'];
export type Borrowing = Schemas['Borrowing'];
export type Contributions = Schemas['Contributions'];
export type MonthOpen = Schemas['MonthOpen'];
export type Cite = Schemas['Cite'];
export type History = Schemas['History'];
export type Offices = Schemas['Offices'];
export type ContributionMonth = Schemas['ContributionMonth'];
export type Interest = Schemas['Interest'];
export type InterestYear = Schemas['InterestYear'];
export type Year = Schemas['Year'];
export type YearMoved = Schemas['YearMoved'];
export type Look = Schemas['Look'];
export type Looks = Schemas['Looks'];
export type StatementKind = NonNullable<paths['/api/v1/me/statement']['get']['parameters']['query']>['kind'];
export type Security = Schemas['Security'];
export type Message = Schemas['Message'];
export type Messages = Schemas['Messages'];
export type Enquiry = Schemas['Enquiry'];
export type Enquiries = Schemas['Enquiries'];
export type EnquiryAbout = Schemas['EnquiryAbout'];

/** The service's codes, and two that only the browser can notice. */
export type ProblemCode = Schemas['Problem']['code'] | 'offline' | 'slow';

export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly details: { triesLeft?: number; until?: string; retryAfter?: number; field?: string } = {},
  ) {
    super(code);
  }
}

type Method<P, M extends 'get' | 'post'> = { [K in keyof P]: P[K] extends Record<M, object> ? K : never }[keyof P];
type Json<T> = { content: { 'application/json': T } };
type Answer<O> = O extends { responses: { 200: Json<infer T> } } ? T : O extends { responses: { 201: Json<infer T> } } ? T : undefined;
type Given<Q> = [Q] extends [never] ? Record<string, never> : Q;
type Query<O> = O extends { parameters: { query?: infer Q } } ? Given<Exclude<Q, undefined>> : never;
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : never;

const PATIENCE_MS = 20_000;

let onSessionLost: (code: 'session-needed' | 'session-ended') => void = () => {};

/** Says who is told when the service no longer knows us. */
export function whenSessionLost(tell: typeof onSessionLost): void {
  onSessionLost = tell;
}

export function get<P extends Method<paths, 'get'>>(
  path: P,
  query: Query<paths[P]['get']> = {} as never,
  signal?: AbortSignal,
): Promise<Answer<paths[P]['get']>> {
  return talk(addressOf(path, query), { method: 'GET' }, signal) as never;
}

function addressOf(path: string, query: object): string {
  const words = Object.entries(query).filter(([, value]) => value != null);
  const tail = new URLSearchParams(words.map(([name, value]) => [name, String(value)])).toString();
  return tail ? `${path}?${tail}` : path;
}

/** A file, with the name that the service gives it. */
export function getFile<P extends Method<paths, 'get'>>(path: P, query: Query<paths[P]['get']>): Promise<{ blob: Blob; name: string }> {
  return talk(addressOf(path, query), { method: 'GET' }, undefined, async (answer) => ({
    blob: await answer.blob(),
    name: /filename="([\w.-]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'file',
  })) as never;
}

export function post<P extends Method<paths, 'post'>>(path: P, body: Body<paths[P]['post']>): Promise<Answer<paths[P]['post']>> {
  const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  return talk(path, request) as never;
}

async function talk(
  address: string,
  request: RequestInit,
  signal?: AbortSignal,
  read: (answer: Response) => Promise<unknown> = (answer) => answer.json(),
): Promise<unknown> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  const give_up = () => patience.abort();
  signal?.addEventListener('abort', give_up);
  try {
    const answer = await fetch(address, {
      ...request,
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
      signal: patience.signal,
    });
    if (!answer.ok) throw await problemOf(answer);
    return answer.status === 204 ? undefined : await read(answer);
  } catch (error) {
    if (signal?.aborted) throw error;
    const problem = error instanceof Problem ? error : translated(error);
    if (problem.code === 'session-needed' || problem.code === 'session-ended') onSessionLost(problem.code);
    throw problem;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', give_up);
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const retryAfter = Number(answer.headers.get('Retry-After')) || undefined;
  try {
    const said = (await answer.json()) as Schemas['Problem'];
    if (typeof said.code === 'string') {
      return new Problem(said.code, { triesLeft: said.tries_left, until: said.until, retryAfter, field: said.field });
    }
  } catch {
    // Not ours: something between here and the service answered. Its status is all there is.
  }
  return new Problem(answer.status === 503 || answer.status === 429 ? 'busy' : 'our-fault', { retryAfter });
}

function translated(error: unknown): Problem {
  if (error instanceof DOMException && error.name === 'AbortError') return new Problem('slow');
  if (error instanceof TypeError) return new Problem('offline');
  return new Problem('our-fault');
}
