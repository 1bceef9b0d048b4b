import { credentials } from '../domain/credentials/credentials.js';
import type { IdentifierKind } from '../domain/tenant/settings.js';
import { waits } from '../domain/user/issued-under.js';
import { exists, type Existing } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import { reveal, type TenantId, type UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Issuers } from './issuers.js';
import { type Contact, type ContactAddress, People } from './ports/people.js';
import { type TenantSite, TenantSites } from './ports/tenant-sites.js';
import type { Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

/** How people are reached, from their own streams. */
export class PeopleOfTheLog extends People {
  constructor(private readonly transactor: Transactor) {
    super();
  }

  async contact(tenant: TenantId, owner: UserId): Promise<Contact | undefined> {
    // Before the account: what changes meanwhile makes a proof worthless, never good.
    const { state: proved } = await this.transactor.load(credentials, tenant, owner);
    const { state } = await this.transactor.load(user, tenant, owner);
    if (!exists(state)) return undefined;
    const { firstName, lastName } = reveal(state.profile) ?? {};
    return {
      locale: state.locale,
      names: { ...(firstName !== undefined && { firstName }), ...(lastName !== undefined && { lastName }) },
      emails: addresses(state, 'email'),
      phones: addresses(state, 'phone'),
      waiting: state.pending
        .filter((one) => waits(one, { account: state, credentials: proved }))
        .map(({ claim }) => claim),
      standing: { user: state.epoch, credentials: proved.epoch, invitations: state.invitations },
    };
  }
}

const addresses = (state: Existing, kind: IdentifierKind): readonly ContactAddress[] =>
  state.identifiers.flatMap((one) => {
    const address = one.kind === kind ? reveal(one.value) : undefined;
    return address === undefined ? [] : [{ address, claim: one.claim, verified: one.verified }];
  });

export class SitesOfTenants extends TenantSites {
  constructor(
    private readonly tenants: Tenants,
    private readonly issuers: Issuers,
  ) {
    super();
  }

  async find(id: TenantId): Promise<TenantSite | undefined> {
    // Any other failure means: ask again, or messages would be lost to it.
    const policy = await this.tenants.policy(id).catch((error: unknown) => {
      if (error instanceof CommandRejected) return undefined;
      throw error;
    });
    if (!policy) return undefined;
    const { verification, locales } = policy.settings;
    return { url: this.issuers.of(policy.slug), name: policy.name, defaultLocale: locales.default, verification };
  }
}
