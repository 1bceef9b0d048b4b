import { client, type Client, type ClientCommand, firstPartyClient } from '../domain/client/client.js';
import { type ClientAuthenticationMethod, type ClientMetadata, wrongAddresses } from '../domain/client/metadata.js';
import type { RedirectUriRefusal } from '../domain/client/redirect-uris.js';
import { hasSecret, proofs } from '../domain/client/proof.js';
import {
  type ClientId,
  type Instant,
  type KeyId,
  type TenantId,
  type TenantSecret,
  tenantSecret,
} from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { ClientRow, DescribedClient, SecurityRows } from './ports/security-rows.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { Outcome, Transactor } from './transactor.js';

export type NewSecret = Readonly<{ client: ClientId; secret?: string; position?: Position }>;

/** What a confidential client proves itself with. */
export type ClientCredentials = Readonly<{ id: ClientId; secret: string }>;

/** What was known of a client in the very row that it proved itself by. */
export type Proved = Readonly<{ metadata: ClientMetadata; epoch: number }>;

/** @throws CommandRejected invalid-client unless it is an enabled client that sends secrets, and this digest is of one that is good */
export function requireCaller(row: ClientRow | undefined, digest: string, at: Instant): void {
  const sends = row?.status === 'enabled' && row.method !== undefined && proofs[row.method] === 'secret';
  if (sends && row.secretDigest === digest) return;
  if (sends && row.oldSecret?.digest === digest && at < row.oldSecret.until) return;
  throw new CommandRejected('invalid-client');
}

const addressRefusals: Readonly<Record<RedirectUriRefusal, string>> = {
  'not-absolute': 'must be an absolute URI',
  'has-fragment': 'must have no fragment (RFC 6749 section 3.1.2)',
  'has-user-info': 'must name nobody before the host',
  'has-wildcard': 'is compared byte by byte, so that a wildcard stands for nothing',
  'forbidden-character': 'has a character that no URI has',
  'scheme-not-allowed':
    'must begin with https, or for a native application with a private-use scheme that has a period (RFC 8252 section 7.1)',
  'host-not-allowed': 'must name a host; over http only 127.0.0.1 or [::1], of a native application',
  'reserved-parameter': 'has a parameter that the answer itself carries',
  'too-long': 'is too long',
};

export type Description = Readonly<{ name: string; metadata: ClientMetadata }>;
export type PresentClient = Extract<Client, { status: 'enabled' | 'disabled' }>;

/** @throws CommandRejected invalid-fields, one for every address that cannot be one */
function requireAddresses(metadata: ClientMetadata): void {
  const fields = wrongAddresses(metadata).map(({ field, index, refusal }) => ({
    pointer: index === undefined ? `/${field}` : `/${field}/${index}`,
    code: refusal,
    message: addressRefusals[refusal],
  }));
  if (fields.length > 0) throw new CommandRejected('invalid-fields', { fields });
}

/** @throws CommandRejected invalid-client for one that was removed */
function provedBy(row: DescribedClient | undefined): Proved {
  if (!row?.metadata) throw new CommandRejected('invalid-client');
  return { metadata: row.metadata, epoch: row.epoch };
}

/** Applications and APIs of a tenant, and how they prove themselves. */
export class Clients {
  constructor(
    private readonly transactor: Transactor,
    private readonly vault: Vault,
    private readonly entropy: Entropy,
    private readonly rows: SecurityRows,
    private readonly steps: Steps,
  ) {}

  /** Of the client that a command registers. */
  newId(context: CommandContext): ClientId {
    return this.steps.id<ClientId>(context, 'client');
  }

  /** The secret is answered once and never again. @throws CommandRejected invalid-fields */
  async register(
    context: CommandContext,
    name: string,
    metadata: ClientMetadata,
    managementDigest?: string,
  ): Promise<NewSecret> {
    const { at } = context;
    requireAddresses(metadata);
    const id = this.newId(context);
    const { authenticationMethod: method } = metadata;
    const secret = hasSecret(method) ? this.#newSecret() : undefined;
    const { position } = await this.transactor.transact(client, id, context, {
      type: 'RegisterClient',
      name,
      metadata,
      ...(secret !== undefined && (await this.#kept(context, id, method, secret))),
      ...(managementDigest !== undefined && { managementDigest }),
      at,
    });
    return { client: id, ...(secret !== undefined && { secret }), ...(position && { position }) };
  }

  /** @throws CommandRejected no-such-client */
  async view(tenant: TenantId, id: ClientId): Promise<Readonly<{ client: PresentClient; revision: number }>> {
    const { state, revision } = await this.transactor.load(client, tenant, id);
    if (state.status === 'none' || state.status === 'removed') throw new CommandRejected('no-such-client');
    return { client: state, revision };
  }

  /** `change` makes of what the client says today what it says from now on. @throws CommandRejected revision-mismatch, invalid-fields */
  describe(
    context: CommandContext,
    id: ClientId,
    change: (current: Description) => Description,
    expectedRevision: number | undefined,
  ): Promise<Outcome<Client>> {
    return this.transactor.transact(client, id, context, (state, revision): ClientCommand => {
      if (state.status === 'none' || state.status === 'removed') throw new CommandRejected('no-such-client');
      if (expectedRevision !== undefined && revision !== expectedRevision) {
        throw new CommandRejected('revision-mismatch');
      }
      const described = change(state);
      requireAddresses(described.metadata);
      return { type: 'DescribeClient', name: described.name, metadata: described.metadata, at: context.at };
    });
  }

  /** The old secret stays good until `keptUntil`; without that it ends at once, and everything made under it. */
  async rotateSecret(context: CommandContext, id: ClientId, keptUntil = context.at): Promise<NewSecret> {
    const secret = this.#newSecret();
    const { position } = await this.transactor.transact(client, id, context, async (state): Promise<ClientCommand> => {
      const method =
        state.status === 'enabled' || state.status === 'disabled' ? state.metadata.authenticationMethod : 'none';
      const kept = await this.#kept(context, id, method, secret);
      return { type: 'RotateClientSecret', ...kept, keptUntil, at: context.at };
    });
    return { client: id, secret, ...(position && { position }) };
  }

  change(context: CommandContext, id: ClientId, command: ClientCommand): Promise<Outcome<Client>> {
    return this.transactor.transact(client, id, context, command);
  }

  /** @throws CommandRejected invalid-client */
  async authenticate(tenant: TenantId, { id, secret }: ClientCredentials, at: Instant): Promise<void> {
    const [row, digest] = await Promise.all([this.rows.client(tenant, id), this.digest(tenant, secret)]);
    requireCaller(row, digest, at);
  }

  /** A confidential client, by its secret. @throws CommandRejected invalid-client */
  async prove(tenant: TenantId, { id, secret }: ClientCredentials, at: Instant): Promise<Proved> {
    const [row, digest] = await Promise.all([this.rows.client(tenant, id), this.digest(tenant, secret)]);
    requireCaller(row, digest, at);
    return provedBy(row);
  }

  /** A public client, by its name alone. @throws CommandRejected invalid-client */
  async recognise(tenant: TenantId, id: ClientId): Promise<Proved> {
    const row = await this.rows.client(tenant, id);
    if (row?.status !== 'enabled' || row.confidential) throw new CommandRejected('invalid-client');
    return provedBy(row);
  }

  /** Whether the client has to prove itself; one that does not exist has nothing to prove. */
  async isConfidential(tenant: TenantId, id: ClientId): Promise<boolean> {
    return id !== firstPartyClient && ((await this.rows.client(tenant, id))?.confidential ?? false);
  }

  /** A keyed digest: secrets carry 256 bits, so nothing slower is needed, and comparing digests tells nothing about a secret. */
  async digest(tenant: TenantId, secret: string): Promise<string> {
    return Buffer.from(await this.vault.mac(tenant, 'client-secret.v1', secret)).toString('hex');
  }

  #newSecret(): string {
    return `annal_cs_${this.entropy.token(256)}`;
  }

  async #kept(
    { tenant }: CommandContext,
    id: ClientId,
    method: ClientAuthenticationMethod,
    secret: string,
  ): Promise<Readonly<{ secretDigest: string; sharedSecret?: TenantSecret<string> }>> {
    const secretDigest = await this.digest(tenant, secret);
    const signs = proofs[method] === 'shared-secret';
    return { secretDigest, ...(signs && { sharedSecret: tenantSecret(id as string as KeyId, secret) }) };
  }
}
