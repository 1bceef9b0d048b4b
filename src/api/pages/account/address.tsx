import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { AddressKind } from '../../../application/verification.js';
import type { Existing } from '../../../domain/user/state.js';
import { reveal } from '../../../domain/values.js';
import type { Route } from '../../route.js';
import type { Services } from '../../services.js';
import { Form } from '../forms.js';
import { seeOther, shown, shownAgain } from '../page-answers.js';
import { OnceForm } from '../page-rows.js';
import { refusalOf, type ShownProblem, typedCode } from '../refusals.js';
import { type Sheet, sheetOf } from '../sheets.js';
import { accountForm, accountPage } from './account-rows.js';
import { BackToAccount } from './overview.js';
import { accountPath, type Person, type PersonServices } from './person.js';

type Needed = PersonServices & Pick<Services, 'accountIdentifiers' | 'passwordChange' | 'profiles' | 'verification'>;

/** The address stands under the name of its kind. */
export class NewAddressForm extends OnceForm {
  @IsOptional() @IsString() @MaxLength(2_000) email?: string;
  @IsOptional() @IsString() @MaxLength(2_000) phone?: string;
  @IsString() @MaxLength(16_000) current!: string;
}

export class NewAddressCodeForm extends OnceForm {
  @IsString() @MaxLength(100) code!: string;
}

type Said = Readonly<{ typed?: NewAddressForm; problem?: ShownProblem | undefined }>;

function addressSheet(
  { site, once }: Person,
  kind: AddressKind,
  account: Existing,
  { typed, problem }: Said = {},
): Sheet {
  const { change, prove } = site.words.portal.address[kind];
  const [pending] = account.pending.filter((one) => one.kind === kind);
  const [own] = account.identifiers.filter((one) => one.kind === kind);
  const waiting = pending ?? (own?.verified === false ? own : undefined);
  return sheetOf(
    'mail',
    { title: change.title, text: change.text },
    <>
      {own && <p class="fact">{reveal(own.value)}</p>}
      {waiting && (
        <>
          <h2>{prove.title}</h2>
          <p>{prove.text}</p>
          <p class="fact">{reveal(waiting.value)}</p>
          <Form
            site={site}
            action={accountPath(site, `${kind}/code`)}
            fields={['code']}
            button={prove.button}
            hidden={{ once }}
            problem={typed ? undefined : problem}
          />
          <Form
            site={site}
            action={accountPath(site, `${kind}/message`)}
            fields={[]}
            button={site.words.signIn.resend}
            hidden={{ once }}
            quiet
          />
        </>
      )}
      <Form
        site={site}
        action={accountPath(site, kind)}
        fields={[kind, 'current']}
        button={change.button}
        hidden={{ once }}
        values={{ [kind]: typed?.[kind] }}
        problem={typed ? problem : undefined}
      />
      <BackToAccount person={{ site }} />
    </>,
  );
}

const ids = { email: 'accountEmail', phone: 'accountPhone' } as const;
const examples = { email: { email: 'ada@example.com' }, phone: { phone: '+4930123456' } } as const;

/** Where somebody changes an address of one kind: the password first, then the code that was sent to the new one. */
function pagesOf(kind: AddressKind): readonly Route<Needed>[] {
  const path = `/t/:tenant/account/${kind}` as const;
  const accountOf = async (
    { profiles }: Needed,
    { held }: Person,
    { tenant }: { tenant: Parameters<Services['profiles']['view']>[0] },
  ) => (await profiles.view(tenant, held.user)).account;
  return [
    accountPage({
      id: `${ids[kind]}Page`,
      path,
      summary: 'Ask for another address, or for the code of one that waits',
      show: async (services: Needed, person, { context }) =>
        shown(person.site, addressSheet(person, kind, await accountOf(services, person, context))),
    }),
    accountForm({
      id: `${ids[kind]}ByForm`,
      path,
      summary: 'Change an address; the new one is sent a code',
      rateLimit: 'sign-in',
      form: NewAddressForm,
      example: { ...examples[kind], current: 'correct horse battery staple' },
      take: async (services: Needed, person, { body, context }, command) => {
        const { user, session } = person.held;
        const problem = await refusalOf(async () => {
          const credentials = await services.passwordChange.prove(command, user, body.current, session);
          await services.accountIdentifiers.change(command, user, { kind, input: body[kind] ?? '', credentials });
        });
        if (!problem) return seeOther(accountPath(person.site, kind));
        const account = await accountOf(services, person, context);
        return shownAgain(person.site, problem, addressSheet(person, kind, account, { typed: body, problem }));
      },
    }),
    accountForm({
      id: `${ids[kind]}ByCode`,
      path: `${path}/code`,
      summary: 'Prove the new address with the code',
      rateLimit: 'sign-in',
      form: NewAddressCodeForm,
      example: { code: '123456' },
      take: async (services: Needed, person, { body, context }, command) => {
        const proof = { kind, code: typedCode(body.code), user: person.held.user };
        const problem = await refusalOf(() => services.verification.confirm(command, proof));
        if (!problem) return seeOther(accountPath(person.site));
        const account = await accountOf(services, person, context);
        return shownAgain(person.site, problem, addressSheet(person, kind, account, { problem }));
      },
    }),
    accountForm({
      id: `${ids[kind]}Message`,
      path: `${path}/message`,
      summary: 'Send the code once more',
      rateLimit: 'mail',
      form: OnceForm,
      example: {},
      take: async (services: Needed, person, { context }, command) => {
        const problem = await refusalOf(() => services.verification.request(command, person.held.user, kind));
        if (!problem) return seeOther(accountPath(person.site, kind));
        const account = await accountOf(services, person, context);
        return shownAgain(person.site, problem, addressSheet(person, kind, account, { problem }));
      },
    }),
  ];
}

export const accountAddressPages: readonly Route<Needed>[] = [...pagesOf('email'), ...pagesOf('phone')];
