import { IsIn, IsString, MaxLength } from 'class-validator';
import { authorizationAnswer, formTarget } from '../oauth/authorization-answer.js';
import { followed } from '../oauth/followed.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { consentSheet } from './consent-sheet.js';
import { shown, shownAsDead } from './page-answers.js';
import { formRow, OnceForm, pageRow } from './page-rows.js';
import { presentedSession } from './session-cookie.js';
import { deadRequestSheet } from './sign-in-sheets.js';
import { siteOf } from './site.js';

type Needed = Pick<
  Services,
  'authorizations' | 'authorizationRequests' | 'issuers' | 'origin' | 'securityRows' | 'tenants'
>;

export class ConsentForm extends OnceForm {
  @IsString() @MaxLength(8_000) request!: string;
  @IsIn(['agree', 'deny']) decision!: 'agree' | 'deny';
}

const path = '/t/:tenant/consent';

/** Where people decide what an application may have. */
export const consentPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'consentPage',
    path,
    summary: 'Ask what an application may have',
    show: (services: Needed) => async (visit) => {
      const { tenant, at, commandId } = visit.context;
      const sealed = visit.query.request ?? '';
      const request = await services.authorizationRequests.open(tenant, sealed, at);
      const site = await siteOf(services.tenants, visit, request?.uiLocales);
      const client = request && (await services.securityRows.client(tenant, request.client));
      if (!request || client?.name === undefined) return shownAsDead(site, deadRequestSheet({ site }));
      const targets = { ...site, formTargets: [formTarget(request.redirectUri)] };
      return shown(targets, consentSheet({ site, once: commandId, sealed, request }, client.name));
    },
  }),
  formRow({
    id: 'consentByForm',
    path,
    summary: 'Decide what an application may have',
    rateLimit: 'sign-in',
    form: ConsentForm,
    example: { request: 'v1.0199…', decision: 'agree' },
    take: (services: Needed) => async (visit, command) => {
      const { tenant, at } = visit.context;
      const site = await siteOf(services.tenants, visit);
      const request = await services.authorizationRequests.open(tenant, visit.body.request, at);
      if (!request) return shownAsDead(site, deadRequestSheet({ site }));
      if (visit.body.decision === 'deny') {
        const denied = { error: 'access_denied', description: 'The person did not agree.' } as const;
        return authorizationAnswer(request, services.issuers.of(visit.tenant.slug), denied);
      }
      const cookie = presentedSession(services.origin, visit.header('cookie'));
      const browser = { ...(cookie !== undefined && { cookie }), accountChosen: true, agreed: true };
      return followed(services, visit.tenant, request, await services.authorizations.answer(command, request, browser));
    },
  }),
];
