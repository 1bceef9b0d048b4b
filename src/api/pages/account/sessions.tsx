import { IsIn, IsString, MaxLength } from 'class-validator';
import type { ListedSession } from '../../../application/sessions.js';
import type { SessionId } from '../../../domain/values.js';
import type { Route } from '../../route.js';
import type { Services } from '../../services.js';
import { Form, Hidden } from '../forms.js';
import { seeOther, shown } from '../page-answers.js';
import { OnceForm } from '../page-rows.js';
import { refusalOf } from '../refusals.js';
import { noSessionCookie } from '../session-cookie.js';
import { type Sheet, sheetOf } from '../sheets.js';
import type { Site } from '../site.js';
import { accountForm, accountPage } from './account-rows.js';
import { BackToAccount } from './overview.js';
import { accountPath, outsidePath, type Person, type PersonServices } from './person.js';

type Needed = PersonServices & Pick<Services, 'sessions'>;

export class EndSessionForm extends OnceForm {
  @IsString() @MaxLength(64) session!: string;
}

export class SignOutForm extends OnceForm {
  @IsIn(['here', 'everywhere']) where!: 'here' | 'everywhere';
}

/** In the time of the service, which is the same wherever it is read. */
export const Moment = ({ site, at }: Readonly<{ site: Site; at: string }>) => (
  <time datetime={at}>
    {new Intl.DateTimeFormat(site.words.language, {
      dateStyle: 'medium',
      timeStyle: 'short',
      hourCycle: 'h23',
      timeZone: 'UTC',
    }).format(new Date(at))}{' '}
    UTC
  </time>
);

const placeOf = ({ origin }: ListedSession): string =>
  [origin?.browser, origin?.operatingSystem, origin?.ip].filter((one) => one !== undefined).join(' · ');

function sessionsSheet({ site, once, held }: Person, listed: readonly ListedSession[]): Sheet {
  const { here, end, others, ...notice } = site.words.portal.sessions;
  return sheetOf(
    'person',
    notice,
    <>
      <ul class="facts">
        {listed.map((one) => (
          <li>
            <strong>{placeOf(one)}</strong>
            <p class="soft">
              <Moment site={site} at={one.state.at} />
              {one.id === held.session && ` · ${here}`}
            </p>
            {one.id !== held.session && (
              <form method="post" action={accountPath(site, 'sessions')}>
                <Hidden fields={{ once, session: one.id }} />
                <button class="quiet" aria-label={`${end}: ${placeOf(one)}`}>
                  {end}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      <Form
        site={site}
        action={accountPath(site, 'sign-out')}
        fields={[]}
        button={others}
        hidden={{ once, where: 'everywhere' }}
      />
      <BackToAccount person={{ site }} />
    </>,
  );
}

function signOutSheet({ site, once }: Person): Sheet {
  const { title, text, button, everywhere } = site.words.portal.signOut;
  return sheetOf(
    'person',
    { title, text },
    <>
      <form method="post" action={accountPath(site, 'sign-out')}>
        <Hidden fields={{ once }} />
        <button name="where" value="here">
          {button}
        </button>
        <button name="where" value="everywhere" class="quiet">
          {everywhere}
        </button>
      </form>
      <BackToAccount person={{ site }} />
    </>,
  );
}

/** Where somebody sees and ends what is signed in. */
export const accountSessionPages: readonly Route<Needed>[] = [
  accountPage({
    id: 'accountSessionsPage',
    path: '/t/:tenant/account/sessions',
    summary: 'Where the person is signed in',
    show: async ({ sessions }: Needed, person, { context }) =>
      shown(person.site, sessionsSheet(person, await sessions.list(context, person.held.user))),
  }),
  accountForm({
    id: 'accountSessionByForm',
    path: '/t/:tenant/account/sessions',
    summary: 'End one session',
    rateLimit: 'sign-in',
    form: EndSessionForm,
    example: { session: '0199b000-0000-5000-8000-000000000001' },
    take: async ({ sessions }: Needed, person, { body }, command) => {
      // One that is over, or never was, is as good as ended.
      await refusalOf(() => sessions.end(command, person.held.user, body.session as SessionId, 'revoked'));
      return seeOther(accountPath(person.site, 'sessions'));
    },
  }),
  accountPage({
    id: 'accountSignOutPage',
    path: '/t/:tenant/account/sign-out',
    summary: 'Ask whether to sign out',
    show: async (_: Needed, person) => shown(person.site, signOutSheet(person)),
  }),
  accountForm({
    id: 'accountSignOutByForm',
    path: '/t/:tenant/account/sign-out',
    summary: 'Sign out, here or everywhere',
    rateLimit: 'sign-in',
    form: SignOutForm,
    example: { where: 'here' },
    take: async ({ sessions, origin }: Needed, { held }, { body, tenant }, command) => {
      await (body.where === 'everywhere'
        ? sessions.endAll(command, held.user)
        : sessions.end(command, held.user, held.session, 'signed-out'));
      return seeOther(outsidePath(tenant.slug), [noSessionCookie(origin, tenant)]);
    },
  }),
];
