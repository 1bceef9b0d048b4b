import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { CommandContext } from '../../application/ports/event-log.js';
import type { SignInAnswer } from '../../application/sign-in.js';
import type { AuthorizationRequest } from '../../domain/authorization/request.js';
import { firstPartyClient } from '../../domain/client/client.js';
import { originOf } from '../request/origin.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { formTarget } from '../oauth/authorization-answer.js';
import { seeOther, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, OnceForm, pageRow } from './page-rows.js';
import { refusalOf, type ShownProblem, typedCode } from './refusals.js';
import { presentedSession, sessionCookie } from './session-cookie.js';
import {
  deadRequestSheet,
  identifierSheet,
  nextStepSheet,
  passwordSheet,
  resumePath,
  type SignInPlace,
} from './sign-in-sheets.js';
import { siteOf, type Visit } from './site.js';

type Needed = Pick<
  Services,
  'authorizationRequests' | 'browserSessions' | 'origin' | 'signIn' | 'signInContinuation' | 'tenants' | 'userAgents'
>;

export class SignInForm extends OnceForm {
  @IsString() @MaxLength(8_000) request!: string;
  @IsString() @MaxLength(2_000) identifier!: string;
  @IsOptional() @IsString() @MaxLength(16_000) current?: string;
}

export class ContinueSignInForm extends OnceForm {
  @IsString() @MaxLength(8_000) request!: string;
  @IsString() @MaxLength(8_000) flow!: string;
  @IsOptional() @IsString() @MaxLength(100) code?: string;
  @IsOptional() @IsString() @MaxLength(16_000) password?: string;
}

const path = '/t/:tenant/sign-in';

type Arrived = Visit & Readonly<{ context: CommandContext }>;

/** Undefined where the request is not one of ours, or too old. */
async function placeOf(
  services: Pick<Services, 'authorizationRequests' | 'tenants'>,
  visit: Arrived,
  sealed: string | undefined,
): Promise<Readonly<{ place: Omit<SignInPlace, 'request'>; request: AuthorizationRequest | undefined }>> {
  const { tenant, at, commandId } = visit.context;
  const request = sealed === undefined ? undefined : await services.authorizationRequests.open(tenant, sealed, at);
  const site = await siteOf(services.tenants, visit, request?.uiLocales);
  return { place: { site, once: commandId, sealed: sealed ?? '' }, request };
}

/** The session that the browser has already; the same person goes on with it. */
const heldBy = ({ browserSessions, origin }: Needed, { context, header }: Arrived) =>
  browserSessions.read(context.tenant, presentedSession(origin, header('cookie')), context.at);

async function afterwards(services: Needed, visit: Arrived, place: SignInPlace, answer: SignInAnswer) {
  if (answer.status === 'next') return shown(withTarget(place), nextStepSheet(place, answer.next, answer.flow));
  const cookie = await services.browserSessions.cookie(visit.context.tenant, answer.signedIn.grant);
  return {
    ...seeOther(resumePath(place)),
    headers: {
      ...seeOther(resumePath(place)).headers,
      'Set-Cookie': sessionCookie(services.origin, visit.tenant, cookie),
    },
  };
}

/** Browsers hold what follows a form to its page's policy (CSP 3 section 6.4.2), back to the client. */
const withTarget = ({ site, request }: SignInPlace) => ({ ...site, formTargets: [formTarget(request.redirectUri)] });

/** Where people sign in on their way to an application: who they are first, then how they prove it. */
export const signInPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'signInPage',
    path,
    summary: 'Ask who signs in',
    show: (services: Needed) => async (visit) => {
      const { place, request } = await placeOf(services, visit, visit.query.request);
      if (!request) return shownAsDead(place.site, deadRequestSheet(place));
      const full = { ...place, request };
      return shown(withTarget(full), identifierSheet(full, request.loginHint));
    },
  }),
  formRow({
    id: 'signInByForm',
    path,
    summary: 'Say who signs in, and prove it',
    rateLimit: 'sign-in',
    form: SignInForm,
    example: { request: 'v1.0199…', identifier: 'ada@example.com' },
    take: (services: Needed) => async (visit, command) => {
      const { identifier, current, request: sealed } = visit.body;
      const { place, request } = await placeOf(services, visit, sealed);
      if (!request) return shownAsDead(place.site, deadRequestSheet(place));
      const full = { ...place, request };
      if (current === undefined) return shown(withTarget(full), passwordSheet(full, identifier));
      let answer: SignInAnswer | undefined;
      const problem = await refusalOf(async () => {
        const origin = originOf(services.userAgents, visit.client);
        const held = await heldBy(services, visit);
        answer = await services.signIn.signIn(command, {
          ...(held && { held }),
          identifier,
          password: current,
          client: firstPartyClient,
          origin,
        });
      });
      if (answer) return afterwards(services, visit, full, answer);
      return shownAgain(withTarget(full), problem as ShownProblem, passwordSheet(full, identifier, problem));
    },
  }),
  formRow({
    id: 'continueSignInByForm',
    path: `${path}/continue`,
    summary: 'Do what is still to be done before one is signed in',
    rateLimit: 'sign-in',
    form: ContinueSignInForm,
    example: { request: 'v1.0199…', flow: 'v1.0199…', code: '123456' },
    take: (services: Needed) => async (visit, command) => {
      const { flow, code, password, request: sealed } = visit.body;
      const { place, request } = await placeOf(services, visit, sealed);
      if (!request) return shownAsDead(place.site, deadRequestSheet(place));
      const full = { ...place, request };
      let answer: SignInAnswer | undefined;
      const problem = await refusalOf(async () => {
        const held = await heldBy(services, visit);
        answer = await services.signInContinuation.continue(command, {
          ...(held && { held }),
          flow,
          origin: originOf(services.userAgents, visit.client),
          ...(code !== undefined && { code: typedCode(code) }),
          ...(password !== undefined && { password }),
        });
      });
      if (answer) return afterwards(services, visit, full, answer);
      const step = password === undefined ? 'verify-email' : 'change-password';
      return shownAgain(withTarget(full), problem as ShownProblem, nextStepSheet(full, step, flow, problem));
    },
  }),
];
