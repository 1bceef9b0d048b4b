import { IsString, MaxLength } from 'class-validator';
import { Problem } from '../problems/problem.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { systemSlug } from '../access/tenants.js';
import { Form } from './forms.js';
import { seeOther, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, NewPasswordForm, pageRow } from './page-rows.js';
import { refusalOf, requireRepeated, type ShownProblem } from './refusals.js';
import { type Sheet, sheetOf } from './sheets.js';
import { type Site, siteOf, type Visit } from './site.js';

type Needed = Pick<Services, 'firstStart' | 'issuers' | 'tenants'>;
type Asked = Readonly<{ token: string; once: string; email?: string; problem?: ShownProblem }>;

export class SetupForm extends NewPasswordForm {
  @IsString() @MaxLength(2_000) email!: string;
}

const path = '/t/:tenant/setup';
const pathOf = ({ brand }: Site): string => `${brand.home}/setup`;

/** Installation administrators live in one tenant only. @throws Problem not-found in every other */
async function systemSite({ tenants }: Needed, visit: Visit): Promise<Site> {
  if (visit.tenant.slug !== systemSlug) throw new Problem('not-found');
  return siteOf(tenants, visit);
}

function createSheet(site: Site, { token, once, email, problem }: Asked): Sheet {
  const { button, ...notice } = site.words.setup.create;
  return sheetOf(
    'person',
    notice,
    <Form
      site={site}
      action={pathOf(site)}
      fields={['email', 'password', 'repeated']}
      button={button}
      hidden={{ token, once }}
      values={{ email }}
      problem={problem}
    />,
  );
}

function doneSheet({ words }: Site, issuer: string): Sheet {
  const { example, ...notice } = words.setup.done;
  const body = JSON.stringify({ identifier: 'you@example.com', password: example });
  const command = `curl -sX POST ${issuer}/api/v1/sign-in \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
  return sheetOf(
    'done',
    notice,
    <>
      <pre>{command}</pre>
      <p>
        <a class="button" href="/docs">
          {words.service.reference}
        </a>
      </p>
    </>,
  );
}

const deadSheet = ({ words }: Site): Sheet => sheetOf('failed', words.setup.deadLink);

/** Where the link that the first start prints leads: the first administrator is made there. */
export const setupPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'setUpPage',
    path,
    summary: 'Where the link of the first start leads: asks for the first administrator',
    show: (services: Needed) => async (request) => {
      const site = await systemSite(services, request);
      const { token = '' } = request.query;
      return (await services.firstStart.isOpen(request.context, token))
        ? shown(site, createSheet(site, { token, once: request.context.commandId }))
        : shownAsDead(site, deadSheet(site));
    },
  }),
  formRow({
    id: 'setUpByLink',
    path,
    summary: 'Make the first administrator',
    rateLimit: 'sign-in',
    form: SetupForm,
    example: {
      token: '3yGk…',
      email: 'root@example.com',
      password: 'correct horse battery staple',
      repeated: 'correct horse battery staple',
    },
    take: (services: Needed) => async (request, command) => {
      const site = await systemSite(services, request);
      const { token, email, password } = request.body;
      const problem = await refusalOf(async () => {
        requireRepeated(request.body);
        await services.firstStart.setUp(command, token, { email, password });
      });
      if (!problem) return seeOther(`${pathOf(site)}/done`);
      return (await services.firstStart.isOpen(request.context, token))
        ? shownAgain(site, problem, createSheet(site, { token, once: request.context.commandId, email, problem }))
        : shownAsDead(site, deadSheet(site));
    },
  }),
  pageRow({
    id: 'setUpDonePage',
    path: `${path}/done`,
    summary: 'Says that it is done and how to go on',
    show: (services: Needed) => async (request) => {
      const site = await systemSite(services, request);
      return shown(site, doneSheet(site, services.issuers.of(systemSlug)));
    },
  }),
];
