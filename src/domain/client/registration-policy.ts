import type { ClientMetadata, GrantType } from './metadata.js';
import { type ClientAuthenticationMethod, proofs } from './proof.js';

/** Who may register applications without an administrator, and what those may be (RFC 7591). */
export type RegistrationPolicy = Readonly<{
  mode: 'off' | 'initial-access-token' | 'open';
  scopes: readonly string[];
  grantTypes: readonly GrantType[];
  authenticationMethods: readonly ClientAuthenticationMethod[];
  /** Confidential ones too; public ones always need it. */
  requirePkce: boolean;
  /** That registered themselves and were not removed. */
  maxClients: number;
}>;

export type PolicyRefusal = 'grant-type-not-allowed' | 'authentication-method-not-allowed';

/** Why the tenant does not take such an application. */
export function policyRefusal(metadata: ClientMetadata, policy: RegistrationPolicy): PolicyRefusal | undefined {
  if (!metadata.grantTypes.every((one) => policy.grantTypes.includes(one))) return 'grant-type-not-allowed';
  if (!policy.authenticationMethods.includes(metadata.authenticationMethod)) return 'authentication-method-not-allowed';

  return undefined;
}

/**
 * What it becomes: whoever registers themselves is a stranger, whom people are asked about. Scopes that strangers may not have are left out,
 * and the answer tells so ("the authorization server MAY … replace any of the client's requested metadata values", RFC 7591 section 2).
 */
export const asStranger = (metadata: ClientMetadata, policy: RegistrationPolicy): ClientMetadata => ({
  ...metadata,
  firstParty: false,
  requirePkce: policy.requirePkce || proofs[metadata.authenticationMethod] === 'nothing',
  scopes: metadata.scopes.filter((one) => policy.scopes.includes(one)),
});
