import type { IdentifierProblem, Normalise } from './normalised-identifier.js';
import { bytes, folded, invisible, plain } from './unicode.js';

/** Octets (RFC 5321 section 4.5.3.1, and the 254 that fit a path of 256 with its brackets). */
const limits = { address: 254, localPart: 64, domain: 253 };

/** Dot-string of RFC 5321 section 4.1.2 with the letters of RFC 6531; quoted local parts are not accepted. */
const atom = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~\\-]+";
const localPart = new RegExp(`^${atom}(?:\\.${atom})*$`, 'u');
const domainText = /^[\p{L}\p{M}\p{N}.\-\u3002]+$/u;
/** Labels of RFC 1123 section 2.1, at least two, the last one not a number. */
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?![0-9]+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * `display` keeps the case as written; `key` folds the local part (RFC 5321 lets hosts tell cases apart, none that
 * matters does) and has the domain in its ASCII form, so that both spellings of an internationalised domain are one.
 */
export const normaliseEmail: Normalise = (input) => {
  const refuse = (problem: IdentifierProblem) => ({ kind: 'email', problem }) as const;
  if (input.length > 2 * limits.address) return refuse('email-too-long');
  const display = plain(input);
  if (display === '') return refuse('email-missing');
  if (invisible.test(display) || /\s/u.test(display)) return refuse('email-characters');
  const [local, domain, ...more] = display.split('@');
  if (local === undefined || domain === undefined) return refuse('email-without-at');
  if (more.length > 0) return refuse('email-with-several-ats');
  if (bytes(display) > limits.address || bytes(local) > limits.localPart) return refuse('email-too-long');
  if (!localPart.test(local)) return refuse('email-local-part');
  const ascii = asciiDomain(domain);
  if (ascii === undefined) return refuse('email-domain');

  return { kind: 'email', display, key: `${folded(local)}@${ascii}` };
};

/**
 * The name that DNS sees (UTS #46), by the URL parser of the platform: two domains are one exactly when DNS takes them
 * for one.
 */
function asciiDomain(domain: string): string | undefined {
  if (!domainText.test(domain) || !URL.canParse(`http://${domain}`)) return undefined;
  const { hostname } = new URL(`http://${domain}`);

  return domainName.test(hostname) && hostname.length <= limits.domain ? hostname : undefined;
}
