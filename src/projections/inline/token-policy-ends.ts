import type { TokenPolicies } from '../../domain/token-policy/token-policy.js';
import type { InlineModel } from '../projection.js';

/** Of every version of every token policy of a tenant, until when its tokens are good: JSON by `<policy>.<version>`; `open` where no end is set. */
export const tokenPolicyEnds: InlineModel<TokenPolicies> = {
  name: 'token_policy_ends',
  version: 1,
  category: 'tokenpolicy',
  columns: (table) => {
    table.text('ends').notNullable();
  },
  row: ({ policies }) => ({
    ends: JSON.stringify(
      Object.fromEntries(
        Object.entries(policies).flatMap(([policy, versions]) =>
          versions.map(({ version, endsAt }) => [`${policy}.${version}`, endsAt ?? 'open']),
        ),
      ),
    ),
  }),
};
