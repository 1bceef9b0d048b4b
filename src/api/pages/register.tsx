import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Names } from '../../application/identifiers.js';
import type { RegistrationStep } from '../../application/registration-flow.js';
import type { Profile } from '../../domain/user/events.js';
import { OneLine } from '../request/one-line.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { Form } from './forms.js';
import { seeOther, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, pageRow, WayForm } from './page-rows.js';
import { refusalOf, requireRepeated, type ShownProblem } from './refusals.js';
import { type Sheet, sheetOf } from './sheets.js';
import { deadRequestSheet, nextStepSheet } from './sign-in-sheets.js';
import type { Site } from './site.js';
import { hiddenOn, pathOn, type Way, wayOf } from './way.js';
import type { FieldName } from './wording/wording.js';

type Needed = Pick<Services, 'authorizationRequests' | 'registrationFlow' | 'tenants'>;

/** What was left empty was not said. */
export class RegisterForm extends WayForm {
  @IsOptional() @IsString() @MaxLength(100) @OneLine() firstName?: string;
  @IsOptional() @IsString() @MaxLength(100) @OneLine() lastName?: string;
  @IsOptional() @IsString() @MaxLength(2_000) email?: string;
  @IsOptional() @IsString() @MaxLength(2_000) username?: string;
  @IsOptional() @IsString() @MaxLength(2_000) phone?: string;
  @IsString() @MaxLength(16_000) password!: string;
  @IsString() @MaxLength(16_000) repeated!: string;
}

const path = '/t/:tenant/register';
const nameFields = ['firstName', 'lastName'] as const;
const identifierFields = ['email', 'username', 'phone'] as const;

/** What the tenant asks newcomers for, the needed ones first; what nobody signs in with and nobody needs is not asked. */
function fieldsOf({
  policy: { settings },
}: Site): Readonly<{ fields: readonly FieldName[]; optional: readonly FieldName[] }> {
  const { identifiers, registration } = settings;
  const needed = identifierFields.filter((kind) => identifiers[kind].required);
  const chosen = identifierFields.filter((kind) => !identifiers[kind].required && identifiers[kind].signIn);
  // Somebody has to be called something: with nothing needed, the first of what is possible is.
  const [first, ...rest] = chosen;
  const asked = needed.length > 0 || first === undefined ? needed : [first];
  const optional = needed.length > 0 || first === undefined ? chosen : rest;
  const names = registration.nameRequired ? nameFields : [];
  return {
    fields: [...names, ...asked, ...optional, 'password', 'repeated'],
    optional,
  };
}

const said = (value: string | undefined): string | undefined => (value?.trim() === '' ? undefined : value);

function namesOf(form: RegisterForm): Names {
  const given = identifierFields.map((kind) => [kind, said(form[kind])] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function profileOf(form: RegisterForm): Profile {
  const given = nameFields.map((name) => [name, said(form[name])] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function registerSheet(way: Way, typed?: RegisterForm, problem?: ShownProblem): Sheet {
  const { site } = way;
  const { title, text, button, known } = site.words.register;
  const { fields, optional } = fieldsOf(site);
  return sheetOf(
    'person',
    { title, text: text(site.brand.name) },
    <>
      <Form
        site={site}
        action={`${site.brand.home}/register`}
        fields={fields}
        optional={optional}
        button={button}
        hidden={hiddenOn(way)}
        values={{ ...typed }}
        problem={problem}
      />
      <p class="soft">
        <a href={pathOn(way, 'sign-in')}>{known}</a>
      </p>
    </>,
  );
}

const closedSheet = ({ words }: Site): Sheet => sheetOf('failed', words.register.closed);

/** Where people make an account, on their way to an application or to the account itself. */
export const registerPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'registerPage',
    path,
    summary: 'Ask who wants an account',
    show: (services: Needed) => async (visit) => {
      const way = await wayOf(services, visit, visit.query.request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      return way.site.policy.settings.registration.open
        ? shown(way.site, registerSheet(way))
        : shownAsDead(way.site, closedSheet(way.site));
    },
  }),
  formRow({
    id: 'registerByForm',
    path,
    summary: 'Make an account; what follows does not tell whether the address was taken',
    rateLimit: 'registration',
    form: RegisterForm,
    example: {
      email: 'ada@example.com',
      password: 'correct horse battery staple',
      repeated: 'correct horse battery staple',
    },
    take: (services: Needed) => async (visit, command) => {
      const { body } = visit;
      const way = await wayOf(services, visit, body.request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const { site } = way;
      if (!site.policy.settings.registration.open) return shownAsDead(site, closedSheet(site));
      let next: RegistrationStep | undefined;
      const problem = await refusalOf(async () => {
        requireRepeated(body);
        const locale = localeOf(site);
        const person = { names: namesOf(body), profile: profileOf(body), password: body.password };
        next = await services.registrationFlow.register(command, {
          ...person,
          ...(locale !== undefined && { locale }),
        });
      });
      if (problem) return shownAgain(site, problem, registerSheet(way, body, problem));
      if (!next) return seeOther(pathOn(way, 'sign-in'));
      return shown(site, nextStepSheet(way, next, { text: site.words.register.sent }));
    },
  }),
];

/** The language in which somebody registers is theirs from now on. */
const localeOf = ({ words, policy }: Site): string | undefined =>
  policy.settings.locales.supported.find((locale) => locale === words.language);
