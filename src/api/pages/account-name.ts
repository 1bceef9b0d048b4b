import { accountName } from '../../application/identifiers.js';
import type { TenantId, UserId } from '../../domain/values.js';
import type { Services } from '../services.js';

/** What a person is called on the pages: the name they sign in with. */
export async function nameOf(
  { profiles }: Pick<Services, 'profiles'>,
  tenant: TenantId,
  user: UserId,
): Promise<string> {
  const { account } = await profiles.view(tenant, user);
  return accountName(account) ?? '';
}
