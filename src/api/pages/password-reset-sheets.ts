import { formOf } from './forms.js';
import { markup } from './markup.js';
import type { Sheet } from './page-answers.js';
import type { ShownProblem } from './refusals.js';
import type { Site } from './site.js';
import { symbol } from './symbols.js';

/** `once` is for the form to show. */
export type ResetPlace = Readonly<{ site: Site; once: string }>;

export const resetPath = ({ site }: Pick<ResetPlace, 'site'>): string => `${site.brand.home}/reset-password`;

/** What was typed before, and what is wrong with it. */
type Typed = Readonly<{ identifier?: string; code?: string; problem?: ShownProblem }>;

/** With a link, which knows whose password it is. */
export function chooseSheet(
  place: ResetPlace,
  token: string,
  account: string | undefined,
  problem?: ShownProblem,
): Sheet {
  const { site, once } = place;
  const { title, text, button } = site.words.reset.choose;
  const form = formOf(site, {
    action: resetPath(place),
    fields: ['password', 'repeated'],
    button,
    hidden: { token, once },
    account,
    problem,
  });
  return { title, content: markup`${symbol('key')}<h1>${title}</h1>\n<p>${text}</p>\n${form}` };
}

/** With a code, which is entered beside the name of the account. */
export function resetCodeSheet(place: ResetPlace, { identifier, code, problem }: Typed = {}, sent = false): Sheet {
  const { site, once } = place;
  const { enterCode, sent: onItsWay, ask } = site.words.reset;
  const { title } = sent ? onItsWay : enterCode;
  const form = formOf(site, {
    action: `${resetPath(place)}/code`,
    fields: ['identifier', 'code', 'password', 'repeated'],
    button: enterCode.button,
    hidden: { once },
    values: { identifier, code },
    problem,
  });
  return {
    title,
    content: markup`${symbol(sent ? 'mail' : 'key')}<h1>${title}</h1>
${sent && markup`<p>${onItsWay.text}</p>\n`}<p>${enterCode.text}</p>
${form}<p class="soft"><a href="${resetPath(place)}/message">${ask.link}</a></p>`,
  };
}

export function askSheet(place: ResetPlace, { identifier, problem }: Typed = {}): Sheet {
  const { site, once } = place;
  const { ask, enterCode } = site.words.reset;
  const form = formOf(site, {
    action: `${resetPath(place)}/message`,
    fields: ['identifier'],
    button: ask.button,
    hidden: { once },
    values: { identifier },
    problem,
  });
  return {
    title: ask.title,
    content: markup`${symbol('key')}<h1>${ask.title}</h1>
<p>${ask.text}</p>
${form}<p class="soft"><a href="${resetPath(place)}/code">${enterCode.link}</a></p>`,
  };
}

export function changedSheet({ site }: ResetPlace): Sheet {
  const { title, text } = site.words.reset.changed;
  return { title, content: markup`${symbol('done')}<h1>${title}</h1>\n<p>${text}</p>` };
}

export function deadResetSheet(place: ResetPlace): Sheet {
  const { deadLink, ask } = place.site.words.reset;
  return {
    title: deadLink.title,
    content: markup`${symbol('failed')}<h1>${deadLink.title}</h1>
<p>${deadLink.text}</p>
<p><a class="button" href="${resetPath(place)}/message">${ask.button}</a></p>`,
  };
}
