import { IsString, MaxLength } from 'class-validator';
import { Problem } from '../problems/problem.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { systemSlug } from '../access/tenants.js';
import { formOf } from './forms.js';
import { markup } from './markup.js';
import { seeOther, type Sheet, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, NewPasswordForm, pageRow } from './page-rows.js';
import { refusalOf, requireRepeated, type ShownProblem } from './refusals.js';
import { type Site, siteOf, type Visit } from './site.js';
import { symbol } from './symbols.js';

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
  const { title, text, button } = site.words.setup.create;
  const fields = ['email', 'password', 'repeated'] as const;
  const form = formOf(site, {
    action: pathOf(site),
    fields,
    button,
    hidden: { token, once },
    values: { email },
    problem,
  });
  return { title, content: markup`${symbol('person')}<h1>${title}</h1>\n<p>${text}</p>\n${form}` };
}

function doneSheet({ words }: Site, issuer: string): Sheet {
  const { title, text, example } = words.setup.done;
  const body = JSON.stringify({ identifier: 'you@example.com', password: example });
  return {
    title,
    content: markup`${symbol('done')}<h1>${title}</h1>
<p>${text}</p>
<pre>curl -sX POST ${issuer}/api/v1/sign-in \\
  -H 'content-type: application/json' \\
  -d '${body}'</pre>
<p><a class="button" href="/docs">${words.service.reference}</a></p>`,
  };
}

function deadSheet({ words }: Site): Sheet {
  const { title, text } = words.setup.deadLink;
  return { title, content: markup`${symbol('failed')}<h1>${title}</h1>\n<p>${text}</p>` };
}

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
