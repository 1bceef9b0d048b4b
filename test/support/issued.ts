import type { People } from '../../src/application/ports/people.js';
import type { IssuedUnder } from '../../src/domain/user/issued-under.js';
import type { TenantId, UserId } from '../../src/domain/values.js';

/** What a link to somebody's e-mail address stands on that is made now. */
export async function issuedNow(people: People, tenant: TenantId, user: string): Promise<IssuedUnder> {
  const contact = await people.contact(tenant, user as UserId);
  if (!contact) throw new Error(`there is no ${user}`);
  return { ...contact.standing, sentTo: contact.emails.map(({ claim }) => claim) };
}
