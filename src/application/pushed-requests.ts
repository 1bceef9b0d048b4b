import type { AuthorizationRequest } from '../domain/authorization/request.js';
import { type ClientId, type Instant, plusSeconds } from '../domain/values.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext } from './ports/event-log.js';
import type { SingleUse } from './ports/single-use.js';

/** A checked request but for the moment at which a browser brings it. */
export type PushedRequest = Omit<AuthorizationRequest, 'at' | 'pushed'>;

/** Seconds; "the request_uri … SHOULD be short-lived" (RFC 9126 section 2.2: between 5 and 600). */
export const pushedSeconds = 90;
/** How long it is known that one was used: as long as its person may be on the way through the pages. */
const knownSeconds = 7_200;

const prefix = 'urn:ietf:params:oauth:request_uri:';

/** Requests that clients pushed before their browsers came (RFC 9126), named by a reference that nobody can guess. */
export class PushedRequests {
  constructor(
    private readonly singleUse: SingleUse,
    private readonly entropy: Entropy,
  ) {}

  isReference(uri: string): boolean {
    return uri.startsWith(prefix);
  }

  async push(context: CommandContext, request: PushedRequest): Promise<string> {
    const { tenant, at, commandId } = context;
    const token = this.entropy.token(256);
    await this.singleUse.put({
      tenant,
      kind: 'pushed-request',
      subject: request.client,
      payload: { pushed: request, until: plusSeconds(at, pushedSeconds) },
      sealedFor: 'tenant',
      token,
      keepOlder: true,
      expiresAt: plusSeconds(at, knownSeconds),
      at,
      eventId: this.entropy.derived(commandId, token),
    });
    return prefix + token;
  }

  /**
   * What this client pushed, undefined unless it may still be brought. A browser that loads the page again brings it twice; it is spent
   * by its answer. "The client_id … MUST be … bound to the client" (RFC 9126 section 2.2).
   */
  async read({ tenant, at }: CommandContext, client: ClientId, uri: string): Promise<PushedRequest | undefined> {
    const found = await this.singleUse.peek(tenant, 'pushed-request', uri.slice(prefix.length), at);
    const { pushed, until } = found?.payload ?? {};
    return pushed && pushed.client === client && at < (until as Instant) ? pushed : undefined;
  }

  /** Whether this command is the one that answers it. */
  async spend({ tenant, at, commandId }: CommandContext, uri: string): Promise<boolean> {
    const token = uri.slice(prefix.length);
    return (await this.singleUse.consume({ tenant, kind: 'pushed-request', token, commandId, at })).consumed;
  }
}
