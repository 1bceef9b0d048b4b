import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** Two years, in seconds. */
const hstsAge = 63_072_000;

/**
 * Header fields that every answer has, by name; helmet says which. The policy suits JSON, which loads and frames nothing; an answer of
 * HTML brings its own (see {@link pagePolicy}).
 */
export function securityHeaders(origin: string): Map<string, string> {
  const setFields = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: origin.startsWith('https:') ? { maxAge: hstsAge, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
  // None of these depends on the request, so one answer tells them for all.
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  setFields(answer.req, answer, () => undefined);
  return new Map(answer.getHeaderNames().map((name) => [name, String(answer.getHeader(name))] as const));
}

/** A directive of a Content-Security-Policy and its sources; no `unsafe-…` source is ever one of them. */
export type PolicyDirectives = Readonly<
  Partial<
    Record<
      | 'script-src'
      | 'style-src'
      | 'img-src'
      | 'font-src'
      | 'connect-src'
      | 'form-action'
      | 'frame-ancestors'
      | 'manifest-src',
      readonly string[]
    >
  >
>;

/** `Content-Security-Policy` of a page: everything it does not name is forbidden. */
export function pagePolicy(directives: PolicyDirectives): string {
  const closed: PolicyDirectives = { 'form-action': ["'none'"], 'frame-ancestors': ["'none'"] };
  const open = Object.entries({ ...closed, ...directives }).map(([name, sources]) => `${name} ${sources.join(' ')}`);
  return ["default-src 'none'", "base-uri 'none'", ...open].join('; ');
}
