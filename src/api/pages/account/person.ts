import type { BrowserSession } from '../../../application/browser-sessions.js';
import type { CommandContext } from '../../../application/ports/event-log.js';
import type { Services } from '../../services.js';
import { type Arrived, heldBy } from '../entered.js';
import { type Site, siteOf } from '../site.js';

/** Somebody before the pages of their own account. */
export type Person = Readonly<{ site: Site; held: BrowserSession; once: string }>;

export type PersonServices = Pick<Services, 'browserSessions' | 'origin' | 'tenants'>;

/** Undefined where nobody is signed in. */
export async function personOf(services: PersonServices, visit: Arrived): Promise<Person | undefined> {
  const held = await heldBy(services, visit);
  return held && { held, site: await siteOf(services.tenants, visit), once: visit.context.commandId };
}

/** Forms of these pages are sent by the person whom the cookie names. */
export const commandedBy = (command: CommandContext, { held }: Person): CommandContext => ({
  ...command,
  actor: { kind: 'user', tenant: command.tenant, id: held.user },
});

export const accountPath = ({ brand }: Site, page = ''): string =>
  `${brand.home}/account${page === '' ? '' : `/${page}`}`;

/** Where somebody goes who is not signed in. */
export const outsidePath = (slug: string): string => `/t/${slug}/sign-in`;
