import type { IncomingMessage } from 'node:http';
import type { Actor, CommandContext, Position } from '../application/ports/event-log.js';
import type { Clock } from '../application/ports/clock.js';
import type { Entropy } from '../application/ports/entropy.js';
import type { Freshness } from '../application/ports/freshness.js';
import type { Answer, PageState } from './answer.js';
import type { Gate } from './gate.js';
import { keyedCommandId } from './command-id.js';
import { expectedRevision } from './conditional.js';
import type { Cursors, ListIdentity } from './cursors.js';
import type { IdempotentRuns } from './idempotent-runs.js';
import { idempotencyKey } from './idempotency-key.js';
import type { Mount } from './mounting.js';
import { Problem } from './problem.js';
import { pageParameters, parseQuery } from './query.js';
import { type ParsedBody, readBody } from './request-body.js';
import { type Rendered, renderAnswer } from './rendering.js';
import type { HttpSettings } from './http-settings.js';
import { checked } from './validation.js';

/** A request as it arrived, with the route it asks for. */
export type Arrival<Services> = Readonly<{
  id: string;
  mount: Mount<Services>;
  params: Readonly<Record<string, string>>;
  /** Path as sent, without query. */
  path: string;
  /** What follows `?`, or ''. */
  search: string;
  message: IncomingMessage;
  address: string;
  setHeader: (name: string, value: string) => void;
}>;

const positionForm = /^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_:-]{1,64}$/;

/** From a matched request to its answer: one step after the other, each handing on only what it has checked. */
export class Pipeline<Services> {
  constructor(
    private readonly services: Services,
    private readonly gate: Gate,
    private readonly runs: IdempotentRuns,
    private readonly cursors: Cursors,
    private readonly freshness: Freshness,
    private readonly clock: Clock,
    private readonly entropy: Entropy,
    private readonly settings: HttpSettings,
  ) {}

  async serve(arrival: Arrival<Services>): Promise<Rendered> {
    const { mount, message, params } = arrival;
    const { route } = mount;
    const { tenant, principal } = await this.gate.admit(arrival);
    const actor: Actor = principal?.actor ?? { kind: 'anonymous' };

    const parameters = parseQuery(arrival.search);
    const paging = route.paged ? pageParameters(parameters) : undefined;
    const query = queryOf(arrival, paging?.rest ?? parameters);
    const list = tenant && paging && { tenant: tenant.id, route: route.id, query: { ...params, ...paging.rest } };
    const after = list && paging?.cursor !== undefined ? await this.cursors.open(list, paging.cursor) : undefined;
    const expected = route.ifMatch && expectedRevision(header(message, 'if-match'), route.ifMatch === 'required');
    const key = route.idempotent ? idempotencyKey(header(message, 'idempotency-key')) : undefined;
    const body = await bodyOf(arrival);
    await this.caughtUp(arrival);

    const commandId =
      tenant && key !== undefined ? keyedCommandId(tenant.id, actor, route.id, key) : this.entropy.uuid();
    const context: CommandContext | undefined = tenant && {
      tenant: tenant.id,
      actor,
      commandId,
      correlationId: arrival.id,
      at: this.clock.now(),
    };
    const request = {
      id: arrival.id,
      params,
      body: body?.value,
      query,
      tenant,
      principal,
      context,
      expectedRevision: expected,
      page: { limit: paging?.limit ?? 0, after },
      client: { address: arrival.address, userAgent: header(message, 'user-agent') },
      header: (name: string) => header(message, name),
    };
    const run = async (): Promise<Rendered> =>
      this.render(arrival, await route.handler(this.services)(request), list);
    if (tenant === undefined || key === undefined) return run();

    return this.runs.once({ tenant: tenant.id, commandId, content: contentOf(arrival, body) }, arrival.id, run);
  }

  /** Read your writes: waits until the read models behind the answer have seen `Annal-Min-Position`. */
  private async caughtUp({ mount: { route }, message }: Arrival<Services>): Promise<void> {
    const position = header(message, 'annal-min-position');
    if (route.reads === undefined || position === undefined) return;
    if (!positionForm.test(position)) {
      throw new Problem('malformed-request', { detail: 'Annal-Min-Position is not a position that this service gave.' });
    }
    const visibility = await this.freshness.waitFor(position as Position, route.reads);
    if (visibility === 'not-yet') throw new Problem('not-yet-visible', { retryAfter: 1 });
    if (visibility === 'foreign-epoch') throw new Problem('foreign-epoch');
  }

  private async render(
    arrival: Arrival<Services>,
    answer: Answer,
    list: ListIdentity | undefined,
  ): Promise<Rendered> {
    const { origin } = this.settings;
    const response = arrival.mount.route.responses[answer.status];
    if (response === undefined) throw new TypeError(`${arrival.mount.route.id} does not declare ${answer.status}`);
    if (response.kind === 'empty') return renderAnswer(answer, origin, undefined);
    if (response.kind === 'text' || response.kind === 'stream') return renderAnswer(answer, origin, response.mediaType);
    if (response.kind === 'json' || list === undefined) return renderAnswer(answer, origin, 'application/json');

    const next = await this.nextLink(arrival, list, answer.next);
    const rendered = renderAnswer({ ...answer, body: { ...(answer.body as object), next } }, origin, 'application/json');
    return next === null ? rendered : { ...rendered, headers: { ...rendered.headers, Link: `<${next}>; rel="next"` } };
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

/** Header fields that may stand once come as one string. */
function header(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function queryOf<Services>({ mount: { route } }: Arrival<Services>, parameters: Readonly<Record<string, string>>): object {
  return checked(route.query ?? NoParameters, parameters, 'query');
}

class NoParameters {}

type CheckedBody = Readonly<{ bytes: Uint8Array; value: object }>;

async function bodyOf<Services>({ mount: { route }, message }: Arrival<Services>): Promise<CheckedBody | undefined> {
  if (route.body === undefined) return undefined;
  const parsed: ParsedBody = await readBody(message, route.body);
  return { bytes: parsed.bytes, value: checked(route.body.type, parsed.value, 'body') };
}

function contentOf<Services>({ mount, path, search }: Arrival<Services>, body: CheckedBody | undefined): string {
  const bytes = body === undefined ? '' : Buffer.from(body.bytes).toString('base64');
  return JSON.stringify([mount.route.method, path, search, bytes]);
}
