import { client, type Client, type ClientCommand, firstPartyClient } from '../domain/client/client.js';
import { type ClientMetadata, isConfidential } from '../domain/client/metadata.js';
import type { ClientId, TenantId } from '../domain/values.js';
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

/** @throws CommandRejected invalid-client unless it is an enabled confidential client whose secret has this digest */
export function requireCaller(row: ClientRow | undefined, digest: string): void {
  if (row?.status === 'enabled' && row.confidential && row.secretDigest === digest) return;
  throw new CommandRejected('invalid-client');
}

/** @throws CommandRejected invalid-client for one that was removed */
function metadataOf(row: DescribedClient | undefined): ClientMetadata {
  if (!row?.metadata) throw new CommandRejected('invalid-client');
  return row.metadata;
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

  /** The secret is answered once and never again. */
  async register(context: CommandContext, name: string, metadata: ClientMetadata): Promise<NewSecret> {
    const { tenant, at } = context;
    const id = this.steps.id<ClientId>(context, 'client');
    const secret = isConfidential(metadata) ? `annal_cs_${this.entropy.token(256)}` : undefined;
    const { position } = await this.transactor.transact(client, id, context, {
      type: 'RegisterClient',
      name,
      metadata,
      ...(secret !== undefined && { secretDigest: await this.digest(tenant, secret) }),
      at,
    });
    return { client: id, ...(secret !== undefined && { secret }), ...(position && { position }) };
  }

  async rotateSecret(context: CommandContext, id: ClientId): Promise<NewSecret> {
    const secret = `annal_cs_${this.entropy.token(256)}`;
    const secretDigest = await this.digest(context.tenant, secret);
    const { position } = await this.transactor.transact(client, id, context, {
      type: 'RotateClientSecret',
      secretDigest,
      at: context.at,
    });
    return { client: id, secret, ...(position && { position }) };
  }

  change(context: CommandContext, id: ClientId, command: ClientCommand): Promise<Outcome<Client>> {
    return this.transactor.transact(client, id, context, command);
  }

  /** @throws CommandRejected invalid-client */
  async authenticate(tenant: TenantId, { id, secret }: ClientCredentials): Promise<void> {
    const [row, digest] = await Promise.all([this.rows.client(tenant, id), this.digest(tenant, secret)]);
    requireCaller(row, digest);
  }

  /** A confidential client, by its secret. @throws CommandRejected invalid-client */
  async prove(tenant: TenantId, { id, secret }: ClientCredentials): Promise<ClientMetadata> {
    const [row, digest] = await Promise.all([this.rows.client(tenant, id), this.digest(tenant, secret)]);
    requireCaller(row, digest);
    return metadataOf(row);
  }

  /** A public client, by its name alone. @throws CommandRejected invalid-client */
  async recognise(tenant: TenantId, id: ClientId): Promise<ClientMetadata> {
    const row = await this.rows.client(tenant, id);
    if (row?.status !== 'enabled' || row.confidential) throw new CommandRejected('invalid-client');
    return metadataOf(row);
  }

  /** Whether the client has to prove itself; one that does not exist has nothing to prove. */
  async isConfidential(tenant: TenantId, id: ClientId): Promise<boolean> {
    return id !== firstPartyClient && ((await this.rows.client(tenant, id))?.confidential ?? false);
  }

  /** A keyed digest: secrets carry 256 bits, so nothing slower is needed, and comparing digests tells nothing about a secret. */
  async digest(tenant: TenantId, secret: string): Promise<string> {
    return Buffer.from(await this.vault.mac(tenant, 'client-secret.v1', secret)).toString('hex');
  }
}
