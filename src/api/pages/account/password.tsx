import { IsString, MaxLength } from 'class-validator';
import type { SignedIn } from '../../../application/sessions.js';
import { firstPartyClient } from '../../../domain/client/client.js';
import { originOf } from '../../request/origin.js';
import type { Route } from '../../route.js';
import type { Services } from '../../services.js';
import { nameOf } from '../account-name.js';
import { Form } from '../forms.js';
import { seeOther, shown, shownAgain } from '../page-answers.js';
import { OnceForm } from '../page-rows.js';
import { refusalOf, requireRepeated, type ShownProblem } from '../refusals.js';
import { sessionCookie } from '../session-cookie.js';
import { type Sheet, sheetOf } from '../sheets.js';
import { accountForm, accountPage } from './account-rows.js';
import { BackToAccount } from './overview.js';
import { accountPath, type Person, type PersonServices } from './person.js';

type Needed = PersonServices & Pick<Services, 'passwordChange' | 'profiles' | 'userAgents'>;

export class AccountPasswordForm extends OnceForm {
  @IsString() @MaxLength(16_000) current!: string;
  @IsString() @MaxLength(16_000) password!: string;
  @IsString() @MaxLength(16_000) repeated!: string;
}

const path = '/t/:tenant/account/password';

function passwordSheet({ site, once }: Person, account: string, problem?: ShownProblem): Sheet {
  const { button, ...notice } = site.words.portal.password;
  return sheetOf(
    'key',
    notice,
    <>
      <Form
        site={site}
        action={accountPath(site, 'password')}
        fields={['current', 'password', 'repeated']}
        button={button}
        hidden={{ once }}
        account={account}
        problem={problem}
      />
      <BackToAccount person={{ site }} />
    </>,
  );
}

/** Where somebody who is signed in chooses another password; everything else that was signed in is signed out. */
export const accountPasswordPages: readonly Route<Needed>[] = [
  accountPage({
    id: 'accountPasswordPage',
    path,
    summary: 'Ask for another password',
    show: async (services: Needed, person, { context }) =>
      shown(person.site, passwordSheet(person, await nameOf(services, context.tenant, person.held.user))),
  }),
  accountForm({
    id: 'accountPasswordByForm',
    path,
    summary: 'Change the password; this browser goes on with a new session',
    rateLimit: 'sign-in',
    form: AccountPasswordForm,
    example: {
      current: 'correct horse battery staple',
      password: 'another horse battery staple',
      repeated: 'another horse battery staple',
    },
    take: async (services: Needed, person, { body, client, tenant }, command) => {
      const { current, password } = body;
      const { user, session } = person.held;
      let signedIn: SignedIn | undefined;
      const problem = await refusalOf(async () => {
        requireRepeated(body);
        const origin = originOf(services.userAgents, client);
        const change = { user, session, current, password, client: firstPartyClient, origin, factors: ['pwd'] };
        signedIn = await services.passwordChange.change(command, change);
      });
      if (!signedIn) {
        const account = await nameOf(services, command.tenant, user);
        return shownAgain(person.site, problem as ShownProblem, passwordSheet(person, account, problem));
      }
      const cookie = await services.browserSessions.cookie(command.tenant, signedIn.grant);
      return seeOther(accountPath(person.site), [sessionCookie(services.origin, tenant, cookie)]);
    },
  }),
];
