import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { authorizationAnswer } from '../oauth/authorization-answer.js';
import { followed } from '../oauth/followed.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { consentSheet } from './consent-sheet.js';
import { heldBy } from './entered.js';
import { nameOf } from './account-name.js';
import { seeOther, shown, shownAsDead } from './page-answers.js';
import { formRow, pageRow, WayForm } from './page-rows.js';
import { presentedSession } from './session-cookie.js';
import { deadRequestSheet } from './sign-in-sheets.js';
import { onward, wayOf } from './way.js';

type Needed = Pick<
  Services,
  | 'authorizations'
  | 'authorizationRequests'
  | 'browserSessions'
  | 'issuers'
  | 'origin'
  | 'profiles'
  | 'securityRows'
  | 'tenants'
>;

export class ConsentForm extends WayForm {
  @IsIn(['agree', 'deny']) decision!: 'agree' | 'deny';
  /** Whom the page asked. */
  @IsOptional() @IsString() @MaxLength(36) account?: string;
}

const path = '/t/:tenant/consent';

/** Where people decide what an application may have. */
export const consentPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'consentPage',
    path,
    summary: 'Ask what an application may have',
    show: (services: Needed) => async (visit) => {
      const { tenant } = visit.context;
      const way = await wayOf(services, visit, visit.query.request ?? '');
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const { site, request } = way;
      const client = request && (await services.securityRows.client(tenant, request.client));
      if (!request || client?.name === undefined) return shownAsDead(site, deadRequestSheet(site));
      const held = await heldBy(services, visit);
      // Signed out in another tab: what follows asks who is there.
      if (!held) return seeOther(onward(way));
      return shown(
        site,
        consentSheet(way, request, client.name, { id: held.user, name: await nameOf(services, tenant, held.user) }),
      );
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
      const way = await wayOf(services, visit, visit.body.request ?? '');
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const { request, site } = way;
      if (!request) return shownAsDead(site, deadRequestSheet(site));
      if (visit.body.decision === 'deny') {
        await services.authorizations.deny(command, request);
        const denied = { error: 'access_denied', description: 'The person did not agree.' } as const;
        return authorizationAnswer(request, services.issuers.of(visit.tenant.slug), denied);
      }
      // Somebody else has signed in in another tab: nobody agrees for anybody.
      const held = await heldBy(services, visit);
      if (held?.user !== visit.body.account) return seeOther(onward(way));
      const cookie = presentedSession(services.origin, visit.header('cookie'));
      const browser = { ...(cookie !== undefined && { cookie }), accountChosen: true, agreed: true };
      return followed(services, visit.tenant, request, await services.authorizations.answer(command, request, browser));
    },
  }),
];
