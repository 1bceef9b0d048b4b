import type { IncomingMessage } from 'node:http';
import { Problem } from '../problems/problem.js';
import { headerOf } from '../request/request-head.js';

/** Values of Sec-Fetch-Site (W3C Fetch Metadata) that a page of this service or the person at the address bar gives. */
const own: ReadonlySet<string> = new Set(['same-origin', 'none']);

/**
 * Refuses what a browser sends on behalf of another site's page. `Sec-Fetch-Site` decides where there is one: pages with the referrer
 * policy `no-referrer` send `Origin: null` with their own forms (Fetch standard, "append a request Origin header"). A request with
 * neither field is no browser's, and needs no page to lie to it.
 * @throws Problem cross-site
 */
export function refuseCrossSite(message: IncomingMessage, origin: string): void {
  const site = headerOf(message, 'sec-fetch-site');
  const sender = headerOf(message, 'origin');
  const allowed = site === undefined ? sender === undefined || sender === origin : own.has(site);
  if (!allowed) throw new Problem('cross-site');
}
