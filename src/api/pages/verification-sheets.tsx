import type { AddressKind } from '../../application/verification.js';
import { Form } from './forms.js';
import type { ShownProblem } from './refusals.js';
import { type Sheet, sheetOf } from './sheets.js';
import type { Site } from './site.js';
import type { ShownRefusal } from './wording/wording.js';

/** Where an address of one kind is confirmed; `once` is for the form to show. */
export type VerificationPlace = Readonly<{ site: Site; kind: AddressKind; once: string }>;

export const verificationPath = ({ site, kind }: Omit<VerificationPlace, 'once'>): string =>
  `${site.brand.home}/verify-${kind}`;

/** What was typed before, and what is wrong with it. */
type Typed = Readonly<{ address?: string | undefined; code?: string; problem?: ShownProblem }>;

export function confirmSheet(place: VerificationPlace, token: string, address: string): Sheet {
  const { site, kind, once } = place;
  const { button, unexpected, ...notice } = site.words.verification[kind].confirm;
  return sheetOf(
    'mail',
    notice,
    <>
      <p class="fact">{address}</p>
      <Form site={site} action={verificationPath(place)} fields={[]} button={button} hidden={{ token, once }} />
      <p class="soft">{unexpected}</p>
    </>,
  );
}

export function codeSheet(place: VerificationPlace, { address, code, problem }: Typed = {}, sent = false): Sheet {
  const { site, kind, once } = place;
  const { enterCode, sent: onItsWay, askForMessage } = site.words.verification[kind];
  const path = verificationPath(place);
  return sheetOf(
    'mail',
    { title: (sent ? onItsWay : enterCode).title },
    <>
      {sent && <p>{onItsWay.text}</p>}
      <p>{enterCode.text}</p>
      <Form
        site={site}
        action={`${path}/code`}
        fields={[kind, 'code']}
        button={enterCode.button}
        hidden={{ once }}
        values={{ [kind]: address, code }}
        problem={problem}
      />
      <p class="soft">
        <a href={`${path}/message`}>{askForMessage.link}</a>
      </p>
    </>,
  );
}

export function messageSheet(place: VerificationPlace, { address, problem }: Typed = {}): Sheet {
  const { site, kind, once } = place;
  const { button, ...notice } = site.words.verification[kind].askForMessage;
  return sheetOf(
    'mail',
    notice,
    <Form
      site={site}
      action={`${verificationPath(place)}/message`}
      fields={[kind]}
      button={button}
      hidden={{ once }}
      values={{ [kind]: address }}
      problem={problem}
    />,
  );
}

export const confirmedSheet = ({ site, kind }: VerificationPlace): Sheet =>
  sheetOf('done', site.words.verification[kind].confirmed);

/** `why` is something else where the link was good but its address is not to be had any more. */
export function deadVerificationSheet(place: VerificationPlace, why: ShownRefusal = 'invalid-proof'): Sheet {
  const { verification, refusals } = place.site.words;
  const { deadLink, askForMessage } = verification[place.kind];
  return sheetOf(
    'failed',
    { title: deadLink.title, text: why === 'invalid-proof' ? deadLink.text : refusals[why] },
    <p>
      <a class="button" href={`${verificationPath(place)}/message`}>
        {askForMessage.title}
      </a>
    </p>,
  );
}
