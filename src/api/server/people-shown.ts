import type { UserId } from '../../domain/values.js';
import type { Principal } from '../access/authentication.js';
import type { Answer } from '../answer/answer.js';
import type { Arrival } from '../request/arrival.js';

/**
 * The people whom an answer may show, all of the request's tenant: whoever asks about themselves, whoever the path names, and whom the
 * handler says. What is kept of the answer must not outlive any of them.
 */
export function peopleShown<Services>(
  { mount: { route }, params }: Arrival<Services>,
  principal: Principal | undefined,
  { person }: Answer,
): readonly UserId[] {
  const caller =
    route.access === 'user' && principal?.actor.kind === 'user' ? (principal.actor.id as UserId) : undefined;
  const named = params['user'] as UserId | undefined;
  return [...new Set([caller, named, person])].filter((one) => one !== undefined).sort();
}
