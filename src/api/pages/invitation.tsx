import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { Form } from './forms.js';
import { seeOther, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, NewPasswordForm, pageRow } from './page-rows.js';
import { refusalOf, requireRepeated, type ShownProblem } from './refusals.js';
import { type Sheet, sheetOf } from './sheets.js';
import { type Site, siteOf } from './site.js';

type Needed = Pick<Services, 'invitations' | 'tenants'>;
type Invited = Readonly<{ token: string; account: string | undefined; once: string }>;

const path = '/t/:tenant/accept-invitation';
const pathOf = ({ brand }: Site): string => `${brand.home}/accept-invitation`;

function acceptSheet(site: Site, { token, account, once }: Invited, problem?: ShownProblem): Sheet {
  const { button, ...notice } = site.words.invitation.accept;
  return sheetOf(
    'person',
    notice,
    <Form
      site={site}
      action={pathOf(site)}
      fields={['password', 'repeated']}
      button={button}
      hidden={{ token, once }}
      account={account}
      problem={problem}
    />,
  );
}

const acceptedSheet = ({ words, brand }: Site): Sheet =>
  sheetOf(
    'done',
    words.invitation.accepted,
    <p>
      <a class="button" href={`${brand.home}/sign-in`}>
        {words.signIn.title}
      </a>
    </p>,
  );

const deadSheet = ({ words }: Site): Sheet => sheetOf('failed', words.invitation.deadLink);

/** Where people whom an administrator invited choose their password. */
export const invitationPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'acceptInvitationPage',
    path,
    summary: 'Where the link of an invitation leads: asks for a password',
    show:
      ({ invitations, tenants }: Needed) =>
      async (request) => {
        const site = await siteOf(tenants, request);
        const { token = '' } = request.query;
        const pending = await invitations.pending(request.context, token);
        return pending
          ? shown(site, acceptSheet(site, { token, account: pending.account, once: request.context.commandId }))
          : shownAsDead(site, deadSheet(site));
      },
  }),
  formRow({
    id: 'acceptInvitationByLink',
    path,
    summary: 'Accept an invitation',
    rateLimit: 'sign-in',
    form: NewPasswordForm,
    example: { token: '3yGk…', password: 'correct horse battery staple', repeated: 'correct horse battery staple' },
    take:
      ({ invitations, tenants }: Needed) =>
      async (request, command) => {
        const site = await siteOf(tenants, request);
        const { token, password } = request.body;
        const problem = await refusalOf(async () => {
          requireRepeated(request.body);
          await invitations.accept(command, token, password);
        });
        if (!problem) return seeOther(`${pathOf(site)}/accepted`);
        const pending = await invitations.pending(request.context, token);
        return pending
          ? shownAgain(
              site,
              problem,
              acceptSheet(site, { token, account: pending.account, once: request.context.commandId }, problem),
            )
          : shownAsDead(site, deadSheet(site));
      },
  }),
  pageRow({
    id: 'invitationAcceptedPage',
    path: `${path}/accepted`,
    summary: 'Says that it is done',
    show:
      ({ tenants }: Needed) =>
      async (request) => {
        const site = await siteOf(tenants, request);
        return shown(site, acceptedSheet(site));
      },
  }),
];
