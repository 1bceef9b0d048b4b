import type { AuthorizationRequest } from '../../domain/authorization/request.js';
import type { NextStep } from '../../domain/signin/verdict.js';
import { Form } from './forms.js';
import type { ShownProblem } from './refusals.js';
import { type Sheet, sheetOf } from './sheets.js';
import type { Site } from './site.js';
import type { FieldName } from './wording/wording.js';

/** `sealed`: the request as it travels from page to page. `once` is for the form to show. */
export type SignInPlace = Readonly<{ site: Site; once: string; sealed: string; request: AuthorizationRequest }>;

type AnyPlace = Omit<SignInPlace, 'request'>;

const under = ({ site, sealed }: AnyPlace, path: string): string =>
  `${site.brand.home}/${path}?${new URLSearchParams({ request: sealed }).toString()}`;

export const resumePath = (place: AnyPlace): string => under(place, 'oauth2/resume');

export const signInPath = (place: AnyPlace): string => under(place, 'sign-in');

export function identifierSheet(place: SignInPlace, identifier?: string): Sheet {
  const { site, once, sealed } = place;
  const { title, text, button, forgotten } = site.words.signIn;
  return sheetOf(
    'person',
    { title, text: text(site.brand.name) },
    <>
      <Form
        site={site}
        action={`${site.brand.home}/sign-in`}
        fields={['identifier']}
        button={button}
        hidden={{ request: sealed, once }}
        values={{ identifier }}
      />
      <p class="soft">
        <a href={`${site.brand.home}/reset-password/message`}>{forgotten}</a>
      </p>
    </>,
  );
}

export function passwordSheet(place: SignInPlace, identifier: string, problem?: ShownProblem): Sheet {
  const { site, once, sealed } = place;
  const { title, finish, forgotten, other } = site.words.signIn;
  return sheetOf(
    'key',
    { title },
    <>
      <Form
        site={site}
        action={`${site.brand.home}/sign-in`}
        fields={['current']}
        button={finish}
        hidden={{ request: sealed, once, identifier }}
        account={identifier}
        problem={problem}
      />
      <p class="soft">
        <a href={signInPath(place)}>{other}</a> · <a href={`${site.brand.home}/reset-password/message`}>{forgotten}</a>
      </p>
    </>,
  );
}

/** What each step asks for. A second factor and a captcha have pages of their own. */
const fieldsOf: Readonly<Record<NextStep, FieldName>> = {
  'verify-email': 'code',
  'verify-phone': 'code',
  'change-password': 'password',
  'second-factor': 'code',
  captcha: 'code',
};

export function nextStepSheet(place: SignInPlace, step: NextStep, flow: string, problem?: ShownProblem): Sheet {
  const { site, once, sealed } = place;
  const field = fieldsOf[step];
  const { button, ...notice } = field === 'password' ? site.words.signIn.renew : site.words.signIn.verify;
  return sheetOf(
    'key',
    notice,
    <Form
      site={site}
      action={`${site.brand.home}/sign-in/continue`}
      fields={[field]}
      button={button}
      hidden={{ request: sealed, once, flow }}
      problem={problem}
    />,
  );
}

/** Nothing is lost: the application asks again. */
export const deadRequestSheet = ({ site }: Pick<AnyPlace, 'site'>): Sheet => sheetOf('failed', site.words.signIn.dead);
