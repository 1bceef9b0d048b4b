import { scopeForm } from '../authorization/scopes.js';
import { grantTypes } from '../client/metadata.js';
import { authenticationMethods } from '../client/proof.js';
import { isRecord } from '../json.js';
import { attributeRules } from './attribute-rules.js';
import { isReadableAccent, isWebLink } from './branding.js';
import { defaults, effective, type Overrides, type Settings } from './settings.js';
import type { SettingsProblem } from './settings-problem.js';

/** Every name must be one that the defaults have, every value of the kind that the default has. */
function shape(base: unknown, over: unknown, pointer: string): readonly SettingsProblem[] {
  if (isRecord(base)) {
    if (!isRecord(over)) return [{ pointer, code: 'wrong-type', message: 'This is a group of settings.' }];
    return Object.entries(over).flatMap(([name, value]) => {
      const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (!Object.hasOwn(base, name))
        return [{ pointer: at, code: 'unknown-setting', message: 'There is no such setting.' } as const];
      return shape(base[name], value, at);
    });
  }
  if (pointer === '/registration/attributes') return attributeRules(over, pointer);
  if (Array.isArray(base)) {
    const texts = Array.isArray(over) && over.length > 0 && over.length <= 50 && over.every(isShortText);
    const message = 'This is a list of 1 to 50 texts of at most 64 characters.';
    return texts ? [] : [{ pointer, code: 'wrong-type', message }];
  }
  const fits = typeof over === typeof base && (typeof over !== 'number' || Number.isInteger(over));
  return fits
    ? []
    : [
        {
          pointer,
          code: 'wrong-type',
          message: `This is a ${typeof base === 'number' ? 'whole number' : typeof base}.`,
        },
      ];
}

const isShortText = (one: unknown): boolean => typeof one === 'string' && one.length <= 64;

/** [path, least, most] of every number. */
const ranges: readonly (readonly [path: string, read: (settings: Settings) => number, least: number, most: number])[] =
  [
    ['/password/minLength', (s) => s.password.minLength, 8, 128],
    ['/password/maxLength', (s) => s.password.maxLength, 64, 1_024],
    ['/password/classes', (s) => s.password.classes, 0, 4],
    ['/password/history', (s) => s.password.history, 0, 24],
    ['/password/maxAgeDays', (s) => s.password.maxAgeDays, 0, 3_650],
    ['/password/minScore', (s) => s.password.minScore, 0, 4],
    ['/lockout/threshold', (s) => s.lockout.threshold, 3, 100],
    ['/lockout/windowSeconds', (s) => s.lockout.windowSeconds, 60, 30 * 86_400],
    ['/lockout/firstDelaySeconds', (s) => s.lockout.firstDelaySeconds, 1, 86_400],
    ['/lockout/maxDelaySeconds', (s) => s.lockout.maxDelaySeconds, 1, 7 * 86_400],
    ['/lockout/hardLimit', (s) => s.lockout.hardLimit, 3, 100],
    ['/session/absoluteSeconds', (s) => s.session.absoluteSeconds, 60, 365 * 86_400],
    ['/session/idleSeconds', (s) => s.session.idleSeconds, 60, 365 * 86_400],
    ['/tokens/accessSeconds', (s) => s.tokens.accessSeconds, 10, 86_400],
    ['/tokens/refreshIdleSeconds', (s) => s.tokens.refreshIdleSeconds, 60, 365 * 86_400],
    ['/tokens/refreshAbsoluteSeconds', (s) => s.tokens.refreshAbsoluteSeconds, 60, 365 * 86_400],
    ['/tokens/refreshGraceSeconds', (s) => s.tokens.refreshGraceSeconds, 0, 10],
    ['/verification/linkSeconds', (s) => s.verification.linkSeconds, 60, 30 * 86_400],
    ['/verification/codeSeconds', (s) => s.verification.codeSeconds, 30, 600],
    ['/clientRegistration/maxClients', (s) => s.clientRegistration.maxClients, 0, 100_000],
    ['/verification/perHour', (s) => s.verification.perHour, 1, 100],
  ];

/** A language with what narrows it (RFC 5646 section 2.1): locales stand in header fields of mails and pages. */
const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/;

/** Rules that join several values. */
const rules: readonly (readonly [pointer: string, holds: (settings: Settings) => boolean, message: string])[] = [
  [
    '/identifiers',
    (s) => Object.values(s.identifiers).some((rule) => rule.signIn),
    'People must be able to sign in with something.',
  ],
  [
    '/lockout/hardLimit',
    (s) => s.lockout.hardLimit >= s.lockout.threshold,
    'The hard limit is not below the threshold.',
  ],
  [
    '/lockout/maxDelaySeconds',
    (s) => s.lockout.maxDelaySeconds >= s.lockout.firstDelaySeconds,
    'The longest delay is not below the first.',
  ],
  [
    '/password/maxLength',
    (s) => s.password.maxLength >= s.password.minLength,
    'The longest password is not shorter than the shortest.',
  ],
  ['/password/appliesAt', (s) => ['change', 'sign-in'].includes(s.password.appliesAt), 'Choose change or sign-in.'],
  [
    '/clientRegistration/mode',
    (s) => ['off', 'initial-access-token', 'open'].includes(s.clientRegistration.mode),
    'Choose off, initial-access-token or open.',
  ],
  [
    '/clientRegistration/grantTypes',
    (s) => s.clientRegistration.grantTypes.every((one) => grantTypes.includes(one)),
    `Choose from ${grantTypes.join(', ')}.`,
  ],
  [
    '/clientRegistration/authenticationMethods',
    (s) => s.clientRegistration.authenticationMethods.every((one) => authenticationMethods.includes(one)),
    `Choose from ${authenticationMethods.join(', ')}.`,
  ],
  [
    '/clientRegistration/scopes',
    (s) => s.clientRegistration.scopes.every((one) => scopeForm.test(one)),
    'These are scopes (RFC 6749 section 3.3).',
  ],
  [
    '/locales/supported',
    (s) => s.locales.supported.every((one) => languageTag.test(one)),
    'Locales are language tags, such as en or pt-BR.',
  ],
  [
    '/locales/default',
    (s) => s.locales.supported.includes(s.locales.default),
    'The default locale is a supported one.',
  ],
  [
    '/branding/accent',
    (s) => s.branding.accent === '' || isReadableAccent(s.branding.accent),
    'This is a colour as #rrggbb, dark enough to be read on white.',
  ],
  ['/branding/supportUrl', (s) => isWebLink(s.branding.supportUrl), 'This is an https address.'],
  ['/branding/termsUrl', (s) => isWebLink(s.branding.termsUrl), 'This is an https address.'],
  ['/branding/privacyUrl', (s) => isWebLink(s.branding.privacyUrl), 'This is an https address.'],
];

/** Everything that is wrong with a tenant's overrides; empty where they may be put in force. */
export function checkOverrides(overrides: Overrides): readonly SettingsProblem[] {
  const misshapen = shape(defaults, overrides, '');
  if (misshapen.length > 0) return misshapen;
  const settings = effective(overrides);
  const outside = ranges
    .filter(([, read, least, most]) => read(settings) < least || read(settings) > most)
    .map(
      ([pointer, , least, most]) => ({ pointer, code: 'out-of-range', message: `From ${least} to ${most}.` }) as const,
    );
  const broken = rules
    .filter(([, holds]) => !holds(settings))
    .map(([pointer, , message]) => ({ pointer, code: 'out-of-range', message }) as const);
  return [...outside, ...broken];
}
