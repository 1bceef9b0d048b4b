import { type Instant, secondsBetween } from '../values.js';
import { contextOf } from './acr.js';
import { askedFor, type AuthorizationError, type AuthorizationRequest } from './request.js';

/** What is known of the browser that brought the request. */
export type Present = Readonly<{
  /** The session of this browser that is alive. */
  session?: Readonly<{ user: string; authenticatedAt: Instant; factors: readonly string[] }>;
  /** Whether somebody has chosen to go on with that session since the request came. */
  accountChosen: boolean;
  /** Scopes that the person has granted to the client before. */
  granted: readonly string[];
  /** Whether the person has just now agreed to this very request. */
  agreed: boolean;
  /** The tenant's own applications are trusted without a question. */
  firstParty: boolean;
}>;

/** What a person still has to do, what to tell the client at once, or that nothing is in the way. */
export type Interaction =
  | Readonly<{ need: 'sign-in' | 'registration' | 'select-account' | 'consent' }>
  | Readonly<{ refused: AuthorizationError }>
  | Readonly<{ granted: readonly string[] }>;

const refused = (error: AuthorizationError['error'], description: string): Interaction => ({
  refused: { error, description },
});

/** Decides over a request for the person before the browser. It has the same answer however often it is asked. */
export function interaction(request: AuthorizationRequest, present: Present, now: Instant): Interaction {
  const { prompt } = request;
  const silent = prompt.includes('none');
  const { session } = present;

  if (!session || !isFresh(request, session.authenticatedAt, now)) {
    // "The Authorization Server MUST NOT display any authentication or consent user interface pages." (OpenID Connect Core 1.0 section 3.1.2.1)
    if (silent) return refused('login_required', 'Nobody is signed in who answers the request.');
    return { need: prompt.includes('create') && !session ? 'registration' : 'sign-in' };
  }
  // OpenID Connect Core Unmet Authentication Requirements 1.0: what cannot be reached is said.
  if (request.claims?.essentialAcr?.includes(contextOf(session.factors)) === false)
    return refused('unmet_authentication_requirements', 'The authentication context that is essential is not reached.');
  // Whoever has signed in since the request came has chosen who they are.
  const chosen = present.accountChosen || session.authenticatedAt >= request.at;
  if (prompt.includes('create') && !chosen) return { need: 'registration' };
  const named = [request.subjectHint, request.claims?.subject].filter((one) => one !== undefined);
  if (named.some((one) => one !== session.user)) {
    if (silent || session.authenticatedAt >= request.at)
      return refused('login_required', 'Somebody else is signed in than the request names.');
    return { need: 'sign-in' };
  }
  if (prompt.includes('select_account') && !chosen) return { need: 'select-account' };

  if (present.agreed) return { granted: request.scope };
  const known = askedFor(request).every((one) => present.granted.includes(one));
  if (prompt.includes('consent') || !(present.firstParty || known)) {
    if (silent) return refused('consent_required', 'The person has not agreed to all of these scopes.');
    return { need: 'consent' };
  }
  return { granted: request.scope };
}

/** Whether a proof of this age answers `prompt=login` and `max_age`. */
function isFresh({ prompt, maxAge, at }: AuthorizationRequest, authenticatedAt: Instant, now: Instant): boolean {
  if (prompt.includes('login') && authenticatedAt < at) return false;
  // One that was fresh when the request came stays so while the person reads the next page.
  const since = authenticatedAt >= at ? 0 : secondsBetween(authenticatedAt, now);

  return maxAge === undefined || since <= maxAge;
}
