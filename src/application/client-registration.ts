import { client, type Client, type ClientCommand } from '../domain/client/client.js';
import { type ClientMetadata, metadataRefusal } from '../domain/client/metadata.js';
import { proofs } from '../domain/client/proof.js';
import { asStranger, policyRefusal, type RegistrationPolicy } from '../domain/client/registration-policy.js';
import type { ClientId, TenantId } from '../domain/values.js';
import type { Clients, Description, NewSecret, PresentClient } from './clients.js';
import { CommandRejected } from './command-rejected.js';
import type { InitialAccessTokens } from './initial-access-tokens.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext, Position } from './ports/event-log.js';
import { NotFetched, type OutboundHttp } from './ports/outbound-http.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { Vault } from './ports/vault.js';
import type { Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

/** A client as whoever registered it is told of it. */
export type RegisteredClient = Readonly<{ id: ClientId; managementToken: string; described: Description }>;

/**
 * Applications that register themselves (RFC 7591) and manage what they registered (RFC 7592). Nothing an application says here makes it
 * more than a stranger, and what an administrator has ended stays so.
 */
export class ClientRegistration {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly clients: Clients,
    private readonly initialAccess: InitialAccessTokens,
    private readonly rows: SecurityRows,
    private readonly outbound: OutboundHttp,
    private readonly vault: Vault,
    private readonly entropy: Entropy,
  ) {}

  /** @throws CommandRejected client-registration-off, invalid-registration-token, too-many-clients, what the metadata refuses */
  async register(
    context: CommandContext,
    bearer: string | undefined,
    said: Description,
  ): Promise<RegisteredClient & NewSecret> {
    const policy = await this.#policy(context.tenant);
    const described = await this.#taken(said, policy);
    if (policy.mode === 'initial-access-token') {
      await this.initialAccess.use(context, bearer, this.clients.newId(context));
    } else if ((await this.rows.selfRegistered(context.tenant)) >= policy.maxClients) {
      throw new CommandRejected('too-many-clients');
    }
    const managementToken = this.#newToken();
    const digest = await this.#digest(context.tenant, managementToken);
    const made = await this.clients.register(context, described.name, described.metadata, digest);
    return { ...made, id: made.client, managementToken, described };
  }

  /** @throws CommandRejected invalid-registration-token */
  async read(tenant: TenantId, id: ClientId, bearer: string | undefined): Promise<RegisteredClient> {
    const digest = await this.#digest(tenant, bearer ?? '');
    const { state } = await this.transactor.load(client, tenant, id);
    const { name, metadata } = requireManaged(state, digest);
    return { id, managementToken: bearer ?? '', described: { name, metadata } };
  }

  /** The token is another one from then on. @throws CommandRejected invalid-registration-token, what the metadata refuses */
  async replace(
    context: CommandContext,
    id: ClientId,
    bearer: string | undefined,
    said: Description,
  ): Promise<RegisteredClient & Readonly<{ position?: Position }>> {
    const { tenant, at } = context;
    const described = await this.#taken(said, await this.#policy(tenant));
    const managementToken = this.#newToken();
    const [old, digest] = [await this.#digest(tenant, bearer ?? ''), await this.#digest(tenant, managementToken)];
    const { position } = await this.transactor.transact(client, id, context, (state): ClientCommand => {
      const { metadata } = requireManaged(state, old);
      // Another kind of proof would need another secret.
      if (proofs[metadata.authenticationMethod] !== proofs[described.metadata.authenticationMethod])
        throw new CommandRejected('client-kind-fixed');
      return { type: 'DescribeClient', ...described, managementDigest: digest, at };
    });
    return { id, managementToken, described, ...(position && { position }) };
  }

  /** @throws CommandRejected invalid-registration-token */
  async remove(context: CommandContext, id: ClientId, bearer: string | undefined): Promise<Position | undefined> {
    const digest = await this.#digest(context.tenant, bearer ?? '');
    const { position } = await this.transactor.transact(client, id, context, (state): ClientCommand => {
      requireManaged(state, digest);
      return { type: 'RemoveClient', at: context.at };
    });
    return position;
  }

  async #policy(tenant: TenantId): Promise<RegistrationPolicy> {
    const { settings } = await this.tenants.activePolicy(tenant);
    if (settings.clientRegistration.mode === 'off') throw new CommandRejected('client-registration-off');
    return settings.clientRegistration;
  }

  /** What the tenant makes of what is said. */
  async #taken({ name, metadata: said }: Description, policy: RegistrationPolicy): Promise<Description> {
    const metadata = asStranger(said, policy);
    const refusal = metadataRefusal(metadata) ?? policyRefusal(metadata, policy);
    if (refusal) throw new CommandRejected(refusal);
    await this.#requireSector(metadata);
    return { name, metadata };
  }

  /** "The values registered in redirect_uris MUST be included in the elements of the array" (OpenID Connect Dynamic Client Registration 1.0 section 5). */
  async #requireSector({ sectorIdentifierUri, redirectUris }: ClientMetadata): Promise<void> {
    if (sectorIdentifierUri === undefined) return;
    const listed = await this.outbound.json(sectorIdentifierUri).catch((error: unknown) => {
      if (error instanceof NotFetched) return [];
      throw error;
    });
    if (Array.isArray(listed) && redirectUris.every((uri) => listed.includes(uri))) return;
    throw new CommandRejected('sector-not-confirmed');
  }

  #newToken(): string {
    return `annal_rat_${this.entropy.token(256)}`;
  }

  async #digest(tenant: TenantId, token: string): Promise<string> {
    return Buffer.from(await this.vault.mac(tenant, 'client-management.v1', token)).toString('hex');
  }
}

/** One that was disabled or removed is managed by administrators alone. @throws CommandRejected invalid-registration-token */
function requireManaged(state: Client, digest: string): PresentClient {
  if (state.status === 'enabled' && state.managementDigest === digest) return state;
  throw new CommandRejected('invalid-registration-token');
}
