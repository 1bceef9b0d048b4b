import type { ClientId } from '../domain/values.js';
import type { ClientRow } from './ports/security-rows.js';

/** Whose token it is and whom it is for. */
export type Concerned = Readonly<{ client: ClientId; audience: readonly string[] }>;

/**
 * Whether a client may learn about a token: its own, those that name it as audience, and every one where the tenant calls it its own
 * (`firstParty`). Anybody else hears what is heard of a token that does not exist (RFC 7662 section 4).
 */
export const mayLearn = (caller: ClientId, row: ClientRow | undefined, { client, audience }: Concerned): boolean =>
  row?.firstParty === true || client === caller || audience.includes(caller);
