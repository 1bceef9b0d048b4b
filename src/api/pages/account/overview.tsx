import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Existing } from '../../../domain/user/state.js';
import { reveal } from '../../../domain/values.js';
import { OneLine } from '../../request/one-line.js';
import type { Route } from '../../route.js';
import type { Services } from '../../services.js';
import { Form } from '../forms.js';
import { seeOther, shown, shownAgain } from '../page-answers.js';
import { OnceForm } from '../page-rows.js';
import { refusalOf, type ShownProblem } from '../refusals.js';
import { type Sheet, sheetOf } from '../sheets.js';
import { accountForm, accountPage } from './account-rows.js';
import { accountPath, type Person, type PersonServices } from './person.js';

type Needed = PersonServices & Pick<Services, 'profiles'>;

/** What is empty is removed. */
export class ProfileForm extends OnceForm {
  @IsOptional() @IsString() @MaxLength(100) @OneLine() firstName?: string;
  @IsOptional() @IsString() @MaxLength(100) @OneLine() lastName?: string;
}

const fields = ['firstName', 'lastName'] as const;

function overviewSheet({ site }: Person, account: Existing): Sheet {
  const { title, text, links, confirmed, waiting } = site.words.portal;
  const pages = ['profile', 'email', 'phone', 'password', 'sessions', 'history'] as const;
  return sheetOf(
    'person',
    { title, text },
    <>
      <ul class="facts">
        {account.identifiers.map(({ kind, value, verified }) => (
          <li>
            <strong>{reveal(value)}</strong>
            {kind !== 'username' && <span class="soft"> {verified ? confirmed : waiting}</span>}
          </li>
        ))}
      </ul>
      <ul class="links">
        {pages.map((page) => (
          <li>
            <a href={accountPath(site, page)}>{links[page]}</a>
          </li>
        ))}
        <li>
          <a href={accountPath(site, 'sign-out')}>{links.signOut}</a>
        </li>
      </ul>
    </>,
  );
}

function profileSheet({ site, once }: Person, values: ProfileForm, problem?: ShownProblem): Sheet {
  const { button, ...notice } = site.words.portal.profile;
  const needed = site.policy.settings.registration.nameRequired;
  return sheetOf(
    'person',
    notice,
    <>
      <Form
        site={site}
        action={accountPath(site, 'profile')}
        fields={fields}
        optional={needed ? [] : fields}
        button={button}
        hidden={{ once }}
        values={{ ...values }}
        problem={problem}
      />
      <BackToAccount person={{ site }} />
    </>,
  );
}

export const BackToAccount = ({ person: { site } }: Readonly<{ person: Pick<Person, 'site'> }>) => (
  <p class="soft">
    <a href={accountPath(site)}>{site.words.portal.back}</a>
  </p>
);

/** An account, and the name of whose it is. */
export const overviewPages: readonly Route<Needed>[] = [
  accountPage({
    id: 'accountPage',
    path: '/t/:tenant/account',
    summary: 'The account of whoever is signed in',
    show: async ({ profiles }: Needed, person, { context }) => {
      const { account } = await profiles.view(context.tenant, person.held.user);
      return shown(person.site, overviewSheet(person, account));
    },
  }),
  accountPage({
    id: 'accountProfilePage',
    path: '/t/:tenant/account/profile',
    summary: 'Ask for another name',
    show: async ({ profiles }: Needed, person, { context }) => {
      const { account } = await profiles.view(context.tenant, person.held.user);
      const { firstName, lastName } = reveal(account.profile) ?? {};
      return shown(
        person.site,
        profileSheet(person, {
          ...(firstName !== undefined && { firstName }),
          ...(lastName !== undefined && { lastName }),
        }),
      );
    },
  }),
  accountForm({
    id: 'accountProfileByForm',
    path: '/t/:tenant/account/profile',
    summary: 'Change the name',
    rateLimit: 'sign-in',
    form: ProfileForm,
    example: { firstName: 'Ada', lastName: 'Lovelace' },
    take: async ({ profiles }: Needed, person, { body }, command) => {
      const said = (text: string | undefined): string | null =>
        text === undefined || text.trim() === '' ? null : text;
      const change = { firstName: said(body.firstName), lastName: said(body.lastName) };
      const problem = await refusalOf(() => profiles.change(command, person.held.user, change, undefined));
      if (problem) return shownAgain(person.site, problem, profileSheet(person, body, problem));
      return seeOther(accountPath(person.site));
    },
  }),
];
