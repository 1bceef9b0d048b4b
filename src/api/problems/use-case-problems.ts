import type { UseCaseRejection } from '../../application/rejections.js';
import type { ProblemRow } from './problem-row.js';
import type { requestProblems } from './request-problems.js';

/** What use cases refuse, where the ground has no row for it already. */
export const useCaseProblems = {
  'access-denied': {
    status: 400,
    title: 'The person did not agree.',
    forDeveloper: 'RFC 8628 section 3.5: the device gets nothing; it may ask anew.',
  },
  'authorization-pending': {
    status: 400,
    title: 'The person has not decided yet.',
    forDeveloper: 'RFC 8628 section 3.5: ask again after the interval.',
  },
  'slow-down': {
    status: 400,
    title: 'The device asks too often.',
    forDeveloper: 'RFC 8628 section 3.5: wait five seconds longer between two requests, from now on.',
  },
  'expired-token': {
    status: 400,
    title: 'The device code has ended.',
    forDeveloper: 'RFC 8628 section 3.5: begin anew.',
  },
  busy: {
    status: 503,
    title: 'Too many sign-ins wait at the moment.',
    forDeveloper: 'Wait as long as `Retry-After` says. Nothing was counted or changed.',
    transient: true,
  },
  'client-registration-off': {
    status: 403,
    title: 'Applications cannot register themselves here.',
    forDeveloper: 'The setting clientRegistration.mode of the tenant is off: an administrator registers clients.',
  },
  'grant-type-not-allowed': {
    status: 400,
    title: 'Applications that register themselves cannot have this grant type.',
    forDeveloper: 'The setting clientRegistration.grantTypes of the tenant lists those that they can have.',
  },
  'authentication-method-not-allowed': {
    status: 400,
    title: 'Applications that register themselves cannot use this authentication method.',
    forDeveloper: 'The setting clientRegistration.authenticationMethods of the tenant lists those that they can use.',
  },
  'sector-not-confirmed': {
    status: 400,
    title: 'The sector identifier does not list the redirect URIs.',
    forDeveloper:
      'The document at sector_identifier_uri is a JSON array that holds every redirect URI, reachable over https.',
  },
  'too-many-clients': {
    status: 403,
    title: 'No more applications can register themselves.',
    forDeveloper: 'The setting clientRegistration.maxClients of the tenant says how many can.',
  },
  'invalid-client-metadata': {
    status: 400,
    title: 'What the application says of itself cannot be.',
    forDeveloper: 'See RFC 7591 section 2 for the member that is named.',
  },
  'invalid-redirect-uri': {
    status: 400,
    title: 'A redirect URI cannot be one.',
    forDeveloper: 'See RFC 9700 section 2.1 and, for native applications, RFC 8252 section 7.',
  },
  'invalid-client': {
    status: 401,
    title: 'The client did not prove itself.',
    forDeveloper:
      'Send the id and secret of an enabled confidential client of this tenant with HTTP Basic authentication.',
  },
  'invalid-dpop-proof': {
    status: 400,
    title: 'The DPoP proof is missing or not valid.',
    forDeveloper:
      'Make a new proof for every request (RFC 9449 section 4): typ dpop+jwt, htm and htu of this request, iat of now, a jti of its own, and the key that the token is bound to.',
  },
  'invalid-flow': {
    status: 400,
    title: 'This sign-in cannot go on.',
    forDeveloper: 'The flow is older than ten minutes, was used, or the account changed since: sign in again.',
  },
  'invalid-grant': {
    status: 400,
    title: 'The refresh token is not valid.',
    forDeveloper: 'It is malformed, expired, revoked, of another client, or was used before: sign in again.',
  },
  'invalid-proof': {
    status: 400,
    title: 'The link or code is not valid.',
    forDeveloper: 'It is wrong, expired, was used, or a newer one was sent: ask for another.',
  },
  'invalid-request': {
    status: 400,
    title: 'The request lacks a parameter.',
    forDeveloper: 'A parameter that the grant type needs is missing.',
  },
  'unauthorized-client': {
    status: 400,
    title: 'The client may not use this grant type.',
    forDeveloper: 'Register the client for the grant type.',
  },
  'unsupported-grant-type': {
    status: 400,
    title: 'There is no such grant type.',
    forDeveloper: 'The discovery document lists the grant types that there are.',
  },
  'invalid-scope': {
    status: 400,
    title: 'The scope is wider than the grant.',
    forDeveloper: 'Ask for no more than was granted, or leave the scope out.',
  },
  'locale-not-supported': {
    status: 404,
    title: 'The tenant does not support this language.',
    forDeveloper: 'The setting `locales.supported` lists those that it does.',
  },
  'next-key-too-young': {
    status: 409,
    title: 'The next key was published less than an hour ago.',
    forDeveloper: 'Caches may not know it yet: wait, or send `force` where the current key is compromised.',
  },
  'no-signing-key': {
    status: 503,
    title: 'The tenant has no signing key yet.',
    forDeveloper: 'The tenant is being created: try again.',
    transient: true,
  },
  'no-such-notification': {
    status: 404,
    title: 'There is no such kind of message.',
    forDeveloper: 'The list of notification templates names every kind.',
  },
  'own-account': {
    status: 403,
    title: 'This is your own account.',
    forDeveloper: 'What administrators themselves sign in with is changed below `/me`, with their current password.',
  },
  'registration-closed': {
    status: 403,
    title: 'Registration is closed.',
    forDeveloper: 'Administrators of this tenant create and invite people; the setting is `registration.open`.',
  },
  'tenant-reserved': {
    status: 409,
    title: 'This tenant is reserved.',
    forDeveloper: 'The tenant `system` holds the installation’s administrators and stays.',
  },
  'tenant-slug-taken': {
    status: 409,
    title: 'The slug is in use.',
    forDeveloper: 'Slugs are never used twice, not even after removal: choose another.',
  },
  'too-many-attempts': {
    status: 429,
    title: 'Too many wrong attempts.',
    forDeveloper:
      'Wait as long as `Retry-After` says, reset the password, or ask an administrator to unlock the account. This try is over: the next one needs a new Idempotency-Key.',
  },
  'too-many-messages': {
    status: 429,
    title: 'Too many messages were sent to this address.',
    forDeveloper: 'Wait as long as `Retry-After` says; the limit is the setting `verification.perHour`.',
  },
  'unknown-client': {
    status: 400,
    title: 'There is no such client.',
    forDeveloper: 'Leave `client` out, or name an enabled client of this tenant.',
  },
  'wrong-credentials': {
    status: 401,
    title: 'Name or password is wrong. Whoever has just registered opens the link in the message first.',
    forDeveloper:
      'The answer is the same whether the account exists, has another password, may not sign in, or was registered and never verified.',
  },
} as const satisfies Record<Exclude<UseCaseRejection, keyof typeof requestProblems>, ProblemRow>;
