import type { Actor, CommandContext, Position } from '../../application/ports/event-log.js';
import type { Clock } from '../../application/ports/clock.js';
import type { Entropy } from '../../application/ports/entropy.js';
import type { Freshness } from '../../application/ports/freshness.js';
import { NoPace, type Pace } from '../../application/ports/pace.js';
import type { ReadModels, Standing } from '../../application/ports/read-models.js';
import type { TenantId } from '../../domain/values.js';
import { acceptable } from '../request/accept.js';
import type { Answer, PageState } from '../answer/answer.js';
import type { Arrival } from '../request/arrival.js';
import { fieldsOfClass } from '../request/class-fields.js';
import { refuseCrossSite } from '../access/cross-site.js';
import { evenly } from '../answer/even-answers.js';
import { hasFormBody } from '../access/presented-bearer.js';
import type { Gate } from '../access/gate.js';
import { keyedRecord } from '../request/command-id.js';
import { expectedRevision } from '../request/conditional.js';
import type { Cursors, ListIdentity } from '../request/cursors.js';
import type { IdempotentRuns } from './idempotent-runs.js';
import { idempotencyKey } from '../request/idempotency-key.js';
import { Problem } from '../problems/problem.js';
import { peopleShown } from './people-shown.js';
import { pageParameters, parseQuery } from '../request/query.js';
import { type ParsedBody, readBody, refuseBody } from '../request/request-body.js';
import { headerOf } from '../request/request-head.js';
import { type Rendered, renderAnswer, renderPage } from '../answer/rendering.js';
import type { Class } from '../answer/responses.js';
import type { HttpSettings } from './http-settings.js';
import { checked } from '../request/validation.js';

const positionForm = /^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_:-]{1,64}$/;

const refusals: Readonly<Record<Standing, (() => Problem) | undefined>> = {
  serving: undefined,
  building: () => new Problem('read-model-building', { retryAfter: 5 }),
  // Until an operator has seen to it.
  parked: () => new Problem('read-model-parked', { retryAfter: 60 }),
};

/** From a matched request to its answer: one step after the other, each handing on only what it has checked. */
export class Pipeline<Services> {
  constructor(
    private readonly services: Services,
    private readonly gate: Gate,
    private readonly runs: IdempotentRuns,
    private readonly cursors: Cursors,
    private readonly freshness: Freshness,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
    private readonly entropy: Entropy,
    private readonly settings: HttpSettings,
    private readonly pace: Pace = new NoPace(),
  ) {}

  async serve(arrival: Arrival<Services>): Promise<Rendered> {
    const { mount, message, params } = arrival;
    const { route } = mount;
    const { tenant, principal } = await this.gate.admit(arrival);
    const actor: Actor = principal?.actor ?? { kind: 'anonymous' };

    if (route.sameOrigin) refuseCrossSite(message, this.settings.origin);
    if (!acceptable(headerOf(message, 'accept'), route.responses)) throw new Problem('not-acceptable');
    const parameters = parseQuery(arrival.search);
    const paging = route.paged ? pageParameters(parameters) : undefined;
    const query = queryOf(arrival, paging?.rest ?? parameters);
    const list = tenant && paging && { tenant: tenant.id, route: route.id, query: { ...params, ...paging.rest } };
    const after = list && paging.cursor !== undefined ? await this.cursors.open(list, paging.cursor) : undefined;
    const expected = route.ifMatch && expectedRevision(headerOf(message, 'if-match'), route.ifMatch === 'required');
    const key = route.idempotent ? idempotencyKey(headerOf(message, 'idempotency-key')) : undefined;
    const body = await bodyOf(arrival);
    if (route.reads !== undefined) {
      await this.caughtUp(message, route.reads);
      await this.standing(route.reads, tenant?.id);
    }

    const at = this.clock.now();
    const fresh = key === undefined;
    const contextOf = (commandId: string): CommandContext | undefined =>
      tenant && { tenant: tenant.id, actor, commandId, fresh, correlationId: arrival.id, at };
    const requestOf = (commandId: string) => ({
      id: arrival.id,
      params,
      body: body?.value,
      query,
      tenant,
      principal,
      context: contextOf(commandId),
      expectedRevision: expected,
      page: { limit: paging?.limit ?? 0, after },
      client: { address: arrival.address, userAgent: headerOf(message, 'user-agent') },
      header: (name: string) => headerOf(message, name),
    });
    const run = async (commandId: string): Promise<Rendered> => {
      const answer = await evenly(this.pace, route, () => route.handler(this.services)(requestOf(commandId)));
      return { ...(await this.render(arrival, answer, list)), people: peopleShown(arrival, principal, answer) };
    };
    if (tenant === undefined || key === undefined) return run(this.entropy.uuid());

    const session = route.idempotent === 'in-session' ? principal?.session : undefined;
    const record = keyedRecord(tenant.id, actor, route.id, key, session);
    return this.runs.once({ tenant: tenant.id, record, content: contentOf(arrival, body) }, arrival.id, run);
  }

  /** Read your writes: waits until the read models behind the answer have seen `Annal-Min-Position`. */
  private async caughtUp(message: Arrival<Services>['message'], reads: readonly string[]): Promise<void> {
    const position = headerOf(message, 'annal-min-position');
    if (position === undefined) return;
    if (!positionForm.test(position)) {
      throw new Problem('malformed-request', {
        detail: 'Annal-Min-Position is not a position that this service gave.',
      });
    }
    const visibility = await this.freshness.waitFor(position as Position, reads);
    if (visibility === 'not-yet') throw new Problem('not-yet-visible', { retryAfter: 1 });
    if (visibility === 'foreign-epoch') throw new Problem('foreign-epoch');
  }

  /** No answer at all rather than one that leaves out what could not be taken up, or was not yet. */
  private async standing(reads: readonly string[], tenant: TenantId | undefined): Promise<void> {
    for (const readModel of reads) {
      const refused = refusals[await this.readModels.standing(readModel, tenant)];
      if (refused) throw refused();
    }
  }

  private async render(arrival: Arrival<Services>, answer: Answer, list: ListIdentity | undefined): Promise<Rendered> {
    const { origin } = this.settings;
    const { route } = arrival.mount;
    const response = route.responses[answer.status];
    if (response === undefined) throw new TypeError(`${route.id} does not declare ${answer.status}`);
    if (response.kind !== 'page') return renderAnswer(answer, response, origin);

    const next = list === undefined ? null : await this.nextLink(arrival, list, answer.next);
    return renderPage(answer, response, origin, next);
  }

  private async nextLink(
    { path, search }: Arrival<Services>,
    list: ListIdentity,
    state: PageState | undefined,
  ): Promise<string | null> {
    if (state === undefined) return null;
    const parameters = new URLSearchParams(parseQuery(search));
    parameters.set('cursor', await this.cursors.seal(list, state));
    return `${this.settings.origin}${path}?${parameters.toString()}`;
  }
}

function queryOf<Services>(
  { mount: { route } }: Arrival<Services>,
  parameters: Readonly<Record<string, string>>,
): object {
  if (route.query === undefined && Object.keys(parameters).length === 0) return noParameters;
  const type = route.query ?? NoParameters;
  return checked(type, route.otherParameters === 'ignored' ? knownOf(type, parameters) : parameters, 'query');
}

function knownOf(type: Class, parameters: object): object {
  const known = fieldsOfClass(type);
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => known.has(name)));
}

class NoParameters {}

const noParameters = Object.freeze(new NoParameters());

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type CheckedBody = Readonly<{ bytes: Uint8Array; value: object }>;

async function bodyOf<Services>({ mount: { route }, message }: Arrival<Services>): Promise<CheckedBody | undefined> {
  if (route.bearerInForm && hasFormBody(message)) return undefined;
  if (route.body === undefined) return refuseBody(message);
  const parsed: ParsedBody = await readBody(message, route.body);
  const source = route.body.mediaType === 'application/merge-patch+json' ? 'patch' : 'body';
  const { type } = route.body;
  const value =
    route.otherParameters === 'ignored' && isObject(parsed.value) ? knownOf(type, parsed.value) : parsed.value;
  return { bytes: parsed.bytes, value: checked(type, value, source) };
}

/** Whoever calls with a token is known by the record; the secret of a client is part of what an answer belongs to. */
function contentOf<Services>(
  { mount, path, search, message }: Arrival<Services>,
  body: CheckedBody | undefined,
): string {
  const bytes = body === undefined ? '' : Buffer.from(body.bytes).toString('base64');
  const { authorization = '' } = message.headers;
  const secret = /^Basic /i.test(authorization) ? [authorization] : [];
  return JSON.stringify([mount.route.method, path, search, bytes, ...secret]);
}
