import type { ClientAssertions } from '../../application/client-assertions.js';
import type { ClientCredentials, Clients } from '../../application/clients.js';
import { CommandRejected } from '../../application/command-rejected.js';
import type { ProvedClient } from '../../application/machine-tokens.js';
import { firstPartyClient } from '../../domain/client/client.js';
import type { ClientId, Instant, TenantId } from '../../domain/values.js';
import type { TenantRef } from '../access/tenants.js';

/** `client-id = *VSCHAR` (RFC 6749 appendix A.1). */
const clientIdForm = /^[\x20-\x7E]{1,64}$/;
const basic = /^Basic ([A-Za-z0-9+/]+={0,2})$/i;
const longestSecret = 512;
/** RFC 7523 section 2.2. */
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The members of a form that prove a client. */
export type ClientForm = Readonly<{
  client_id?: string;
  client_secret?: string;
  client_assertion?: string;
  client_assertion_type?: string;
}>;

type Presented = Readonly<{ authorization: string | undefined; form: ClientForm }>;
type Provers = Readonly<{ clients: Clients; clientAssertions: ClientAssertions }>;

/** One way of proving a client: whether a request tries it, and what comes of that. */
type Way = Readonly<{
  isTried: (presented: Presented) => boolean;
  /** @throws CommandRejected invalid-client */
  prove: (provers: Provers, tenant: TenantRef, presented: Presented, at: Instant) => Promise<ProvedClient>;
}>;

const ofSecret =
  (credentialsOf: (presented: Presented) => ClientCredentials | undefined): Way['prove'] =>
  async ({ clients }, tenant, presented, at) => {
    const credentials = credentialsOf(presented);
    if (!credentials || !isPossible(credentials)) throw new CommandRejected('invalid-client');
    return { id: credentials.id, ...(await clients.prove(tenant.id, credentials, at)) };
  };

/** What is presented → what it proves. Which of them a client may use is what it registered (src/domain/client/proof.ts). */
const ways = {
  header: {
    isTried: ({ authorization }) => authorization !== undefined,
    prove: ofSecret(({ authorization = '' }) => fromHeader(authorization)),
  },
  form: {
    isTried: ({ form }) => form.client_secret !== undefined,
    prove: ofSecret(({ form }) => fromForm(form)),
  },
  assertion: {
    isTried: ({ form }) => form.client_assertion !== undefined || form.client_assertion_type !== undefined,
    prove: ({ clientAssertions }, tenant, { form }, at) => {
      const { client_assertion: assertion, client_assertion_type: type } = form;
      if (assertion === undefined || type !== assertionType) throw new CommandRejected('invalid-client');
      return clientAssertions.prove(tenant, assertion, at);
    },
  },
  /** A public client says who it is (RFC 6749 section 3.2.1). */
  name: {
    isTried: () => false,
    prove: async ({ clients }, tenant, { form: { client_id: id } }) => {
      if (id === undefined || !clientIdForm.test(id)) throw new CommandRejected('invalid-client');
      return { id: id as ClientId, ...(await clients.recognise(tenant.id, id as ClientId)) };
    },
  },
} as const satisfies Readonly<Record<string, Way>>;

/** "The client MUST NOT use more than one authentication method in each request." (RFC 6749 section 2.3) @throws CommandRejected invalid-client */
function wayOf(presented: Presented): keyof typeof ways {
  const [way = 'name', ...others] = (Object.keys(ways) as (keyof typeof ways)[]).filter((name) =>
    ways[name].isTried(presented),
  );
  if (others.length > 0) throw new CommandRejected('invalid-client');
  return way;
}

/** The client of a request of the protocol, proved as it registered. @throws CommandRejected invalid-client */
export async function tokenClient(
  provers: Provers,
  tenant: TenantRef,
  authorization: string | undefined,
  form: ClientForm,
  at: Instant,
): Promise<ProvedClient> {
  const presented = { authorization, form };
  const client = await ways[wayOf(presented)].prove(provers, tenant, presented, at);
  if (form.client_id !== undefined && form.client_id !== client.id) throw new CommandRejected('invalid-client');
  return client;
}

/** The secret that a request presents, in whichever way; undefined where it tries something else. @throws CommandRejected invalid-client */
export function presentedSecret(authorization: string | undefined, form: ClientForm): ClientCredentials | undefined {
  const way = wayOf({ authorization, form });
  if (way !== 'header' && way !== 'form') return undefined;
  const credentials = way === 'header' ? fromHeader(authorization ?? '') : fromForm(form);
  if (!credentials || !isPossible(credentials)) throw new CommandRejected('invalid-client');
  return credentials;
}

const isPossible = ({ id, secret }: ClientCredentials): boolean =>
  clientIdForm.test(id) && secret.length <= longestSecret;

const fromForm = ({ client_id: id, client_secret: secret }: ClientForm): ClientCredentials | undefined =>
  id === undefined || secret === undefined ? undefined : { id: id as ClientId, secret };

/** Each half is form-encoded before it is joined (RFC 6749 section 2.3.1). Undefined unless decoded strictly. */
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
    const presented = fromHeader(authorization ?? '');
    if (!presented || !isPossible(presented)) throw new CommandRejected('invalid-client');
    await clients.authenticate(tenant, presented, at);
    if (named !== undefined && named !== presented.id) throw new CommandRejected('invalid-client');
    return presented.id;
  }
  const client = (named ?? firstPartyClient) as ClientId;
  if (await clients.isConfidential(tenant, client)) throw new CommandRejected('invalid-client');
  return client;
}
