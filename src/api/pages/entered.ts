import type { BrowserSession } from '../../application/browser-sessions.js';
import type { CommandContext } from '../../application/ports/event-log.js';
import type { SignInAnswer } from '../../application/sign-in.js';
import type { Services } from '../services.js';
import { deviceCookie, presentedDevices } from './device-cookie.js';
import { seeOther } from './page-answers.js';
import { presentedSession, sessionCookie } from './session-cookie.js';
import type { Visit } from './site.js';
import { onward, type Way } from './way.js';

export type Arrived = Visit & Readonly<{ context: CommandContext }>;

/** The session that the browser has already; the same person goes on with it. */
export async function heldBy(
  { browserSessions, origin }: Pick<Services, 'browserSessions' | 'origin'>,
  { context, header }: Arrived,
): Promise<BrowserSession | undefined> {
  const held = await browserSessions.read(context.tenant, presentedSession(origin, header('cookie')), context.at);
  if (held) await browserSessions.used(context, held);
  return held;
}

/** Somebody is signed in: the browser is told by cookies, and goes on to where it was on the way to. */
export async function entered(
  { browserSessions, origin }: Pick<Services, 'browserSessions' | 'origin'>,
  { context, tenant, header }: Arrived,
  way: Way,
  { signedIn, deviceToken }: Extract<SignInAnswer, { status: 'signed-in' }>,
) {
  const session = await browserSessions.cookie(context.tenant, signedIn.grant);
  const cookies = [
    sessionCookie(origin, tenant, session),
    deviceCookie(origin, tenant, deviceToken, presentedDevices(origin, header('cookie'))),
  ];
  return seeOther(onward(way), cookies);
}
