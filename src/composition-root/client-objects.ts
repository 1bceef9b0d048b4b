import { type Bind, type Foundation, make, Pool } from './binding.js';
import { ClientAssertions } from '../application/client-assertions.js';
import { ClientKeys } from '../application/client-keys.js';
import { ClientRegistration } from '../application/client-registration.js';
import { Clients } from '../application/clients.js';
import { InitialAccessTokens } from '../application/initial-access-tokens.js';
import { Entropy } from '../application/ports/entropy.js';
import { Vault } from '../application/ports/vault.js';
import { Steps } from '../application/steps.js';
import { Tenants } from '../application/tenants.js';
import { Issuers } from '../application/issuers.js';
import { Assertions } from '../application/ports/assertions.js';
import { OutboundHttp } from '../application/ports/outbound-http.js';
import { SecurityRows } from '../application/ports/security-rows.js';
import { UsedIds } from '../application/ports/used-ids.js';
import { Transactor } from '../application/transactor.js';
import { GuardedOutboundHttp } from '../infrastructure/guarded-outbound-http.js';
import { JoseAssertions } from '../infrastructure/jose-assertions.js';
import { PostgresUsedIds } from '../infrastructure/postgres-used-ids.js';

/** How applications prove themselves. */
export function bindClients(bind: Bind, { outbound }: Foundation): void {
  bind(OutboundHttp).toConstantValue(outbound ?? new GuardedOutboundHttp());
  bind(Assertions).toConstantValue(new JoseAssertions());
  bind(UsedIds).toResolvedValue(make(PostgresUsedIds), [Pool]);
  bind(ClientKeys).toResolvedValue(make(ClientKeys), [OutboundHttp]);
  bind(InitialAccessTokens).toResolvedValue(make(InitialAccessTokens), [Transactor, Vault, Entropy, Steps]);
  bind(ClientRegistration).toResolvedValue(make(ClientRegistration), [
    Transactor,
    Tenants,
    Clients,
    InitialAccessTokens,
    SecurityRows,
    OutboundHttp,
    Vault,
    Entropy,
  ]);
  bind(ClientAssertions).toResolvedValue(make(ClientAssertions), [
    Transactor,
    SecurityRows,
    Assertions,
    ClientKeys,
    UsedIds,
    Issuers,
  ]);
}
