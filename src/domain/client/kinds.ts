import type { ClientMetadata } from './metadata.js';
import { proofs } from './proof.js';

/** What applications usually are: one with a server, one in the browser, one on a device, and one without people. */
export type ClientKind = 'web' | 'spa' | 'native' | 'machine';

type Usual = Pick<ClientMetadata, 'applicationType' | 'grantTypes' | 'authenticationMethod' | 'firstParty'>;

/** What applies to each where nothing else is said. */
export const usually: Readonly<Record<ClientKind, Usual>> = {
  web: {
    applicationType: 'web',
    grantTypes: ['authorization_code', 'refresh_token'],
    authenticationMethod: 'client_secret_basic',
    firstParty: false,
  },
  spa: {
    applicationType: 'web',
    grantTypes: ['authorization_code', 'refresh_token'],
    authenticationMethod: 'none',
    firstParty: false,
  },
  native: {
    applicationType: 'native',
    grantTypes: ['authorization_code', 'refresh_token'],
    authenticationMethod: 'none',
    firstParty: false,
  },
  machine: { applicationType: 'web', grantTypes: [], authenticationMethod: 'client_secret_basic', firstParty: true },
};

export const clientKinds = Object.keys(usually) as readonly ClientKind[];

/** Follows from what the client says, so that it can never contradict it. */
export function kindOf(
  metadata: Pick<ClientMetadata, 'applicationType' | 'grantTypes' | 'authenticationMethod'>,
): ClientKind {
  if (metadata.applicationType === 'native') return 'native';
  if (!metadata.grantTypes.includes('authorization_code')) return 'machine';

  return proofs[metadata.authenticationMethod] === 'nothing' ? 'spa' : 'web';
}
