import type { ClientCredentials, Clients } from '../../application/clients.js';
import { CommandRejected } from '../../application/command-rejected.js';
import type { ProvedClient } from '../../application/machine-tokens.js';
import { firstPartyClient } from '../../domain/client/client.js';
import type { ClientId, Instant, TenantId } from '../../domain/values.js';

/** `client-id = *VSCHAR` (RFC 6749 appendix A.1). */
const clientIdForm = /^[\x20-\x7E]{1,64}$/;
const basic = /^Basic ([A-Za-z0-9+/]+={0,2})$/i;

/** `client_secret_basic` (RFC 6749 section 2.3.1): each half is form-encoded before it is joined (RFC 6749 section 2.3.1). Undefined unless decoded strictly. */
function fromHeader(authorization: string): ClientCredentials | undefined {
  const encoded = basic.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(bytes.toString('utf8')) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  try {
    return {
      id: decodeURIComponent(id.replaceAll('+', ' ')) as ClientId,
      secret: decodeURIComponent(secret.replaceAll('+', ' ')),
    };
  } catch {
    return undefined;
  }
}

/** What the request brings along to prove its client. @throws CommandRejected invalid-client */
export function presentedClient(
  authorization: string | undefined,
  body: Readonly<{ client_id?: string; client_secret?: string }>,
): ClientCredentials {
  const { client_id: id, client_secret: secret } = body;
  const posted = id !== undefined && secret !== undefined ? { id: id as ClientId, secret } : undefined;
  const header = authorization === undefined ? undefined : fromHeader(authorization);
  // "The client MUST NOT use more than one authentication method in each request." (RFC 6749 section 2.3)
  if (authorization !== undefined && posted) throw new CommandRejected('invalid-client');
  const presented = header ?? posted;
  if (!presented || !clientIdForm.test(presented.id) || presented.secret.length > 512)
    throw new CommandRejected('invalid-client');
  return presented;
}

/**
 * The client at the token endpoint: one with a secret proves itself by HTTP Basic authentication or in the form, a public one says its id
 * (RFC 6749 section 3.2.1). @throws CommandRejected invalid-client
 */
export async function tokenClient(
  clients: Clients,
  tenant: TenantId,
  authorization: string | undefined,
  body: Readonly<{ client_id?: string; client_secret?: string }>,
  at: Instant,
): Promise<ProvedClient> {
  const { client_id: named } = body;
  if (authorization === undefined && body.client_secret === undefined) {
    if (named === undefined || !clientIdForm.test(named)) throw new CommandRejected('invalid-client');
    return { id: named as ClientId, ...(await clients.recognise(tenant, named as ClientId)) };
  }
  const presented = presentedClient(authorization, body);
  if (named !== undefined && named !== presented.id) throw new CommandRejected('invalid-client');
  return { id: presented.id, ...(await clients.prove(tenant, presented, at)) };
}

/**
 * The client of a request that may come from a public one: whoever has a secret proves it by HTTP Basic authentication (RFC 6749
 * section 6), others only say their name, or none for the service's own. @throws CommandRejected invalid-client
 */
export async function callingClient(
  clients: Clients,
  tenant: TenantId,
  authorization: string | undefined,
  named: string | undefined,
  at: Instant,
): Promise<ClientId> {
  if (/^Basic /i.test(authorization ?? '')) {
    const presented = presentedClient(authorization, {});
    await clients.authenticate(tenant, presented, at);
    if (named !== undefined && named !== presented.id) throw new CommandRejected('invalid-client');
    return presented.id;
  }
  const client = (named ?? firstPartyClient) as ClientId;
  if (await clients.isConfidential(tenant, client)) throw new CommandRejected('invalid-client');
  return client;
}
