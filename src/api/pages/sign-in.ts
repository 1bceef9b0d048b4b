import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { CommandContext } from '../../application/ports/event-log.js';
import type { SignInAnswer } from '../../application/sign-in.js';
import type { Continuation } from '../../application/sign-in-continuation.js';
import { firstPartyClient } from '../../domain/client/client.js';
import { originOf } from '../request/origin.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { presentedDevices } from './device-cookie.js';
import { type Arrived, entered, heldBy } from './entered.js';
import { seeOther, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, pageRow, WayForm } from './page-rows.js';
import { refusalOf, requireNamed, type ShownProblem, typedCode } from './refusals.js';
import { deadRequestSheet, identifierSheet, nextStepSheet, passwordSheet } from './sign-in-sheets.js';
import { pathOn, type Way, wayOf } from './way.js';

type Needed = Pick<
  Services,
  'authorizationRequests' | 'browserSessions' | 'origin' | 'signIn' | 'signInContinuation' | 'tenants' | 'userAgents'
>;

/** The name alone at first; password managers may bring both at once. */
export class SignInForm extends WayForm {
  @IsString() @MaxLength(2_000) identifier!: string;
  @IsOptional() @IsString() @MaxLength(16_000) current?: string;
}

/** The sealed flow knows which step it waits for; each step has its own form. */
export class FlowForm extends WayForm {
  @IsString() @MaxLength(8_000) flow!: string;
}

export class SignInCodeForm extends FlowForm {
  @IsString() @MaxLength(100) code!: string;
}

export class NewSignInPasswordForm extends FlowForm {
  @IsString() @MaxLength(16_000) password!: string;
}

const path = '/t/:tenant/sign-in';

function afterwards(services: Needed, visit: Arrived, way: Way, answer: SignInAnswer) {
  if (answer.status === 'signed-in') return entered(services, visit, way, answer);
  return shown(way.site, nextStepSheet(way, { step: answer.next, flow: answer.flow }));
}

type FlowVisit = Arrived & Readonly<{ body: FlowForm; client: { address: string; userAgent: string | undefined } }>;

/** Does the step that the flow waits for, with what its form asked for. */
async function stepTaken(
  services: Needed,
  visit: FlowVisit,
  command: CommandContext,
  given: Pick<Continuation, 'code' | 'password'>,
) {
  const { flow, request } = visit.body;
  const way = await wayOf(services, visit, request);
  if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
  const step = await services.signInContinuation.step(visit.context, flow);
  if (!step) return seeOther(pathOn(way, 'sign-in'));
  let answer: SignInAnswer | undefined;
  const problem = await refusalOf(async () => {
    const held = await heldBy(services, visit);
    const origin = originOf(services.userAgents, visit.client);
    answer = await services.signInContinuation.continue(command, { ...(held && { held }), flow, origin, ...given });
  });
  if (answer) return afterwards(services, visit, way, answer);
  // Something else ended the sign-in meanwhile, another password for example.
  if (problem?.code === 'invalid-flow') return seeOther(pathOn(way, 'sign-in'));
  return shownAgain(way.site, problem as ShownProblem, nextStepSheet(way, { step, flow }, { problem }));
}

/** Where people sign in, on their way to an application or to their account: who they are first, then how they prove it. */
export const signInPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'signInPage',
    path,
    summary: 'Ask who signs in',
    show: (services: Needed) => async (visit) => {
      const way = await wayOf(services, visit, visit.query.request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      return shown(way.site, identifierSheet(way, way.request?.loginHint));
    },
  }),
  formRow({
    id: 'signInByForm',
    path,
    summary: 'Say who signs in, and prove it; what follows a name does not tell whether there is such an account',
    rateLimit: 'sign-in',
    form: SignInForm,
    example: { identifier: 'ada@example.com' },
    take: (services: Needed) => async (visit, command) => {
      const { identifier, current, request } = visit.body;
      const way = await wayOf(services, visit, request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const unnamed = await refusalOf(async () => requireNamed(identifier));
      if (unnamed) return shownAgain(way.site, unnamed, identifierSheet(way, identifier, unnamed));
      if (current === undefined) return shown(way.site, passwordSheet(way, identifier));
      let answer: SignInAnswer | undefined;
      const problem = await refusalOf(async () => {
        const held = await heldBy(services, visit);
        answer = await services.signIn.signIn(command, {
          ...(held && { held }),
          identifier,
          password: current,
          client: firstPartyClient,
          origin: originOf(services.userAgents, visit.client),
          deviceTokens: presentedDevices(services.origin, visit.header('cookie')),
        });
      });
      if (answer) return afterwards(services, visit, way, answer);
      return shownAgain(way.site, problem as ShownProblem, passwordSheet(way, identifier, problem));
    },
  }),
  formRow({
    id: 'signInByCode',
    path: `${path}/code`,
    summary: 'Go on with the code of a message',
    rateLimit: 'sign-in',
    form: SignInCodeForm,
    example: { flow: 'v1.0199…', code: '123456' },
    take: (services: Needed) => (visit, command) =>
      stepTaken(services, visit, command, { code: typedCode(visit.body.code) }),
  }),
  formRow({
    id: 'signInWithNewPassword',
    path: `${path}/renewal`,
    summary: 'Go on with another password',
    rateLimit: 'sign-in',
    form: NewSignInPasswordForm,
    example: { flow: 'v1.0199…', password: 'correct horse battery staple' },
    take: (services: Needed) => (visit, command) =>
      stepTaken(services, visit, command, { password: visit.body.password }),
  }),
  formRow({
    id: 'signInMessage',
    path: `${path}/message`,
    summary: 'Send the code once more; what follows does not tell whether there was anything to send',
    rateLimit: 'mail',
    form: FlowForm,
    example: { flow: 'v1.0199…' },
    take: (services: Needed) => async (visit, command) => {
      const { flow, request } = visit.body;
      const way = await wayOf(services, visit, request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const step = await services.signInContinuation.sendAgain(command, flow);
      if (!step) return seeOther(pathOn(way, 'sign-in'));
      return shown(way.site, nextStepSheet(way, { step, flow }, { notice: way.site.words.signIn.resent }));
    },
  }),
];
