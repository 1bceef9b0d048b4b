import { IsOptional, IsString, MaxLength } from 'class-validator';
import { followed } from '../oauth/followed.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { nameOf } from './account-name.js';
import { heldBy } from './entered.js';
import { Form } from './forms.js';
import { seeOther, shown, shownAsDead } from './page-answers.js';
import { formRow, pageRow, WayForm } from './page-rows.js';
import { presentedSession } from './session-cookie.js';
import { type Sheet, sheetOf } from './sheets.js';
import { deadRequestSheet } from './sign-in-sheets.js';
import { hiddenOn, onward, pathOn, type Way, wayOf } from './way.js';

type Needed = Pick<
  Services,
  'authorizations' | 'authorizationRequests' | 'browserSessions' | 'issuers' | 'origin' | 'profiles' | 'tenants'
>;

const path = '/t/:tenant/select-account';

export class SelectAccountForm extends WayForm {
  /** Whom the page showed. */
  @IsOptional() @IsString() @MaxLength(36) account?: string;
}

function selectSheet(way: Way, account: Readonly<{ id: string; name: string }>): Sheet {
  const { site } = way;
  const { title, text, button, other } = site.words.selectAccount;
  return sheetOf(
    'person',
    { title, text },
    <>
      <p class="fact">{account.name}</p>
      <Form
        site={site}
        action={`${site.brand.home}/select-account`}
        fields={[]}
        button={button}
        hidden={{ ...hiddenOn(way), account: account.id }}
      />
      <p>
        <a class="button quiet" href={pathOn(way, 'sign-in')}>
          {other}
        </a>
      </p>
    </>,
  );
}

/** Where people say with which account they go on to an application (OpenID Connect Core 1.0 section 3.1.2.1, `select_account`). */
export const selectAccountPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'selectAccountPage',
    path,
    summary: 'Ask with which account to go on',
    show: (services: Needed) => async (visit) => {
      const way = await wayOf(services, visit, visit.query.request ?? '');
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const held = await heldBy(services, visit);
      if (!held) return seeOther(pathOn(way, 'sign-in'));
      return shown(
        way.site,
        selectSheet(way, { id: held.user, name: await nameOf(services, visit.context.tenant, held.user) }),
      );
    },
  }),
  formRow({
    id: 'selectAccountByForm',
    path,
    summary: 'Go on with the account that is signed in',
    rateLimit: 'sign-in',
    form: SelectAccountForm,
    example: { request: 'v1.0199…' },
    take: (services: Needed) => async (visit, command) => {
      const way = await wayOf(services, visit, visit.body.request ?? '');
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const { request, site } = way;
      if (!request) return shownAsDead(site, deadRequestSheet(site));
      // Somebody else has signed in in another tab: that account was not chosen.
      const held = await heldBy(services, visit);
      if (held?.user !== visit.body.account) return seeOther(onward(way));
      const cookie = presentedSession(services.origin, visit.header('cookie'));
      const browser = { ...(cookie !== undefined && { cookie }), accountChosen: true, agreed: false };
      const answer = await services.authorizations.answer(command, request, browser);
      return followed(services, visit.tenant, request, answer);
    },
  }),
];
