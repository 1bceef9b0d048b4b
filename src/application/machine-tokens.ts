import { standardScopes } from '../domain/authorization/scopes.js';
import type { ClientMetadata } from '../domain/client/metadata.js';
import { token } from '../domain/token/token.js';
import { type ClientId, milliseconds } from '../domain/values.js';
import { expiryOf } from './access-tokens.js';
import { CommandRejected } from './command-rejected.js';
import type { Issuers } from './issuers.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

/** A client that has proved itself, with the epoch of the row that it was judged by. */
export type ProvedClient = Readonly<{ id: ClientId; metadata: ClientMetadata; epoch: number }>;

export type IssuedToken = Readonly<{
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  scope: readonly string[];
  position: Position;
}>;

/** What only a person can allow. */
const personal: ReadonlySet<string> = new Set([...standardScopes, 'account', 'administration']);

/** Tokens with which a client acts for itself (RFC 6749 section 4.4). Each is a fact, so that each can be shown and ended. */
export class MachineTokens {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly keys: SigningKeyRing,
    private readonly issuers: Issuers,
    private readonly entropy: Entropy,
  ) {}

  /** @throws CommandRejected invalid-scope, no-signing-key, tenant-suspended */
  async issue(
    context: CommandContext,
    client: ProvedClient,
    wanted: readonly string[] | undefined,
  ): Promise<IssuedToken> {
    const { tenant, at } = context;
    const registered = client.metadata.scopes.filter((one) => !personal.has(one));
    if (wanted?.some((one) => !registered.includes(one))) throw new CommandRejected('invalid-scope');
    const scope = wanted ?? registered;
    const [policy, key] = await Promise.all([
      this.tenants.activePolicy(tenant),
      this.keys.currentOrFirst(context, 'ES256'),
    ]);
    const id = this.entropy.uuid();
    const issuer = this.issuers.of(policy.slug);
    const expiresIn = policy.settings.tokens.accessSeconds;
    const iat = Math.floor(milliseconds(at) / 1000);
    const issuing = this.transactor.transact(
      token,
      id,
      // Nothing has this id yet, so nobody can have carried it out before.
      { ...context, actor: { kind: 'client', tenant, id: client.id }, fresh: true },
      {
        type: 'IssueToken',
        kind: 'machine',
        client: client.id,
        scope,
        audience: [issuer],
        epochs: { tenant: policy.epoch, client: client.epoch },
        expiresAt: expiryOf(at, expiresIn),
        at,
      },
    );
    // Tokens may be made meanwhile: they leave the house only when what they stand on is recorded.
    const [{ position }, accessToken] = await Promise.all([
      issuing,
      this.keys.sign(key, 'at+jwt', {
        iss: issuer,
        sub: client.id,
        aud: issuer,
        client_id: client.id,
        jti: id,
        ...(scope.length > 0 && { scope: scope.join(' ') }),
        iat,
        exp: iat + expiresIn,
      }),
    ]);
    return { accessToken, expiresIn, scope, position: position as Position };
  }
}
