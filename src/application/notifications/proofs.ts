import type { ClaimId } from '../../domain/values.js';
import type { TenantSite } from '../ports/tenant-sites.js';

export type ProofKind = 'verify-email' | 'verify-phone' | 'reset-password' | 'invitation';

/** A link (and a code) to make; `claim` names the address that the proof is about. */
export type ProofRequest = Readonly<{ kind: ProofKind; claim?: ClaimId }>;

export type Lifetimes = Readonly<{ linkSeconds: number; codeSeconds?: number }>;

type ProofRow = Readonly<{ path: string; lifetimes: (site: TenantSite) => Lifetimes; keepOlder: boolean }>;

const hour = 3_600;
const verification = ({ verification: { linkSeconds, codeSeconds } }: TenantSite): Lifetimes => ({
  linkSeconds,
  codeSeconds,
});

/**
 * Where a link leads, below the tenant's pages, and for how long it is good. A page only shows a button; the button
 * uses the proof. `keepOlder`: anybody may ask for another, which must not end what the person has already.
 */
export const proofs: { readonly [Kind in ProofKind]: ProofRow } = {
  'verify-email': { path: 'verify-email', lifetimes: verification, keepOlder: true },
  'verify-phone': { path: 'verify-phone', lifetimes: verification, keepOlder: true },
  // NIST SP 800-63B-4 section 4.2.1.2: at most 24 hours by e-mail, 10 minutes by text message.
  'reset-password': {
    path: 'reset-password',
    lifetimes: () => ({ linkSeconds: hour, codeSeconds: 600 }),
    keepOlder: true,
  },
  invitation: { path: 'accept-invitation', lifetimes: () => ({ linkSeconds: 7 * 24 * hour }), keepOlder: false },
};

/** Wrong tries after which a code is dead. */
export const codeTries = 5;
export const codeDigits = 6;
export const tokenBits = 256;

/** A notice that could not be delivered for this long says nothing new any more. */
export const noticeSeconds = 3 * 24 * hour;

/** No link or notice lives longer; events older than that cause nothing, and what is on record about them may go. */
export const longestSeconds = 30 * 24 * hour;
