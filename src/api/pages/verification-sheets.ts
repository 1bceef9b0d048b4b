import type { AddressKind } from '../../application/verification.js';
import { formOf } from './forms.js';
import { markup } from './markup.js';
import type { Sheet } from './page-answers.js';
import type { ShownProblem } from './refusals.js';
import type { Site } from './site.js';
import { symbol } from './symbols.js';
import type { ShownRefusal } from './wording/wording.js';

/** Where an address of one kind is confirmed; `once` is for the form to show. */
export type VerificationPlace = Readonly<{ site: Site; kind: AddressKind; once: string }>;

export const verificationPath = ({ site, kind }: Omit<VerificationPlace, 'once'>): string =>
  `${site.brand.home}/verify-${kind}`;

/** What was typed before, and what is wrong with it. */
type Typed = Readonly<{ address?: string | undefined; code?: string; problem?: ShownProblem }>;

export function confirmSheet(place: VerificationPlace, token: string, address: string): Sheet {
  const { site, kind, once } = place;
  const { title, text, button, unexpected } = site.words.verification[kind].confirm;
  const form = formOf(site, { action: verificationPath(place), fields: [], button, hidden: { token, once } });
  return {
    title,
    content: markup`${symbol('mail')}<h1>${title}</h1>
<p>${text}</p>
<p class="fact">${address}</p>
${form}<p class="soft">${unexpected}</p>`,
  };
}

export function codeSheet(place: VerificationPlace, { address, code, problem }: Typed = {}, sent = false): Sheet {
  const { site, kind, once } = place;
  const { enterCode, sent: onItsWay, askForMessage } = site.words.verification[kind];
  const { title } = sent ? onItsWay : enterCode;
  const path = verificationPath(place);
  const form = formOf(site, {
    action: `${path}/code`,
    fields: [kind, 'code'],
    button: enterCode.button,
    hidden: { once },
    values: { [kind]: address, code },
    problem,
  });
  return {
    title,
    content: markup`${symbol('mail')}<h1>${title}</h1>
${sent && markup`<p>${onItsWay.text}</p>\n`}<p>${enterCode.text}</p>
${form}<p class="soft"><a href="${path}/message">${askForMessage.link}</a></p>`,
  };
}

export function messageSheet(place: VerificationPlace, { address, problem }: Typed = {}): Sheet {
  const { site, kind, once } = place;
  const { title, text, button } = site.words.verification[kind].askForMessage;
  const form = formOf(site, {
    action: `${verificationPath(place)}/message`,
    fields: [kind],
    button,
    hidden: { once },
    values: { [kind]: address },
    problem,
  });
  return { title, content: markup`${symbol('mail')}<h1>${title}</h1>\n<p>${text}</p>\n${form}` };
}

export function confirmedSheet({ site, kind }: VerificationPlace): Sheet {
  const { title, text } = site.words.verification[kind].confirmed;
  return { title, content: markup`${symbol('done')}<h1>${title}</h1>\n<p>${text}</p>` };
}

/** `why` is something else where the link was good but its address is not to be had any more. */
export function deadVerificationSheet(place: VerificationPlace, why: ShownRefusal = 'invalid-proof'): Sheet {
  const { verification, refusals } = place.site.words;
  const { deadLink, askForMessage } = verification[place.kind];
  return {
    title: deadLink.title,
    content: markup`${symbol('failed')}<h1>${deadLink.title}</h1>
<p>${why === 'invalid-proof' ? deadLink.text : refusals[why]}</p>
<p><a class="button" href="${verificationPath(place)}/message">${askForMessage.title}</a></p>`,
  };
}
