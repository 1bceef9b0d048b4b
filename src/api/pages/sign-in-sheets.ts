import type { AuthorizationRequest } from '../../domain/authorization/request.js';
import type { NextStep } from '../../domain/signin/verdict.js';
import { formOf } from './forms.js';
import { markup } from './markup.js';
import type { Sheet } from './page-answers.js';
import type { ShownProblem } from './refusals.js';
import type { Site } from './site.js';
import { symbol } from './symbols.js';
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
  const form = formOf(site, {
    action: `${site.brand.home}/sign-in`,
    fields: ['identifier'],
    button,
    hidden: { request: sealed, once },
    values: { identifier },
  });
  return {
    title,
    content: markup`${symbol('person')}<h1>${title}</h1>
<p>${text(site.brand.name)}</p>
${form}<p class="soft"><a href="${site.brand.home}/reset-password/message">${forgotten}</a></p>`,
  };
}

export function passwordSheet(place: SignInPlace, identifier: string, problem?: ShownProblem): Sheet {
  const { site, once, sealed } = place;
  const { title, finish, forgotten, other } = site.words.signIn;
  const form = formOf(site, {
    action: `${site.brand.home}/sign-in`,
    fields: ['current'],
    button: finish,
    hidden: { request: sealed, once, identifier },
    account: identifier,
    problem,
  });
  return {
    title,
    content: markup`${symbol('key')}<h1>${title}</h1>
${form}<p class="soft"><a href="${signInPath(place)}">${other}</a> · <a href="${site.brand.home}/reset-password/message">${forgotten}</a></p>`,
  };
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
  const { title, text, button } = field === 'password' ? site.words.signIn.renew : site.words.signIn.verify;
  const form = formOf(site, {
    action: `${site.brand.home}/sign-in/continue`,
    fields: [field],
    button,
    hidden: { request: sealed, once, flow },
    problem,
  });
  return { title, content: markup`${symbol('key')}<h1>${title}</h1>\n<p>${text}</p>\n${form}` };
}

/** Nothing is lost: the application asks again. */
export function deadRequestSheet({ site }: Pick<AnyPlace, 'site'>): Sheet {
  const { title, text } = site.words.signIn.dead;
  return { title, content: markup`${symbol('failed')}<h1>${title}</h1>\n<p>${text}</p>` };
}
