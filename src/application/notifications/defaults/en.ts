import type { Wordings } from './wording.js';
import { button, code, lines } from './wording.js';

const greeting = 'Hello{% if name %} {{ name }}{% endif %},';
const linkFor = 'The link is valid for {{ linkValidity }} and works once.';
const ignore = 'If you did not ask for this, you can ignore this message.';
const notYou = 'If this was not you, set a new password at once';
const what =
  '{% case identifier %}{% when "email" %}e-mail address{% when "phone" %}telephone number{% else %}user name{% endcase %}';
const happened = '{% if removed %}removed{% else %}changed{% endif %}';

export const en: Wordings = {
  'verify-email': {
    subject: 'Confirm your e-mail address for {{ service }}',
    text: lines(
      'Hello,',
      'please confirm that this e-mail address belongs to you:',
      '{{ link }}',
      linkFor,
      '{% if code %}Or enter this code, which is valid for {{ codeValidity }}: {{ code }}{% endif %}',
      ignore,
    ),
    html: lines(
      '<h1>Confirm your e-mail address</h1>',
      '<p>Please confirm that this e-mail address belongs to you.</p>',
      button('Confirm e-mail address'),
      code('Or enter this code, which is valid for {{ codeValidity }}:'),
      `<p>${linkFor} ${ignore}</p>`,
    ),
  },
  'verify-phone': {
    short: '{{ service }}: {% if code %}{{ code }} is your code, valid for {{ codeValidity }}. {% endif %}{{ link }}',
  },
  invitation: {
    subject: 'Your invitation to {{ service }}',
    text: lines(
      'Hello,',
      'an account at {{ service }} has been prepared for you. Accept the invitation and choose how you sign in:',
      '{{ link }}',
      linkFor,
      'If you did not expect this, you can ignore this message.',
    ),
    html: lines(
      '<h1>You are invited</h1>',
      '<p>An account at {{ service }} has been prepared for you. Accept the invitation and choose how you sign in.</p>',
      button('Accept the invitation'),
      `<p>${linkFor} If you did not expect this, you can ignore this message.</p>`,
    ),
    short: '{{ service }}: your invitation, valid for {{ linkValidity }}: {{ link }}',
  },
  'reset-password': {
    subject: 'Reset your password for {{ service }}',
    text: lines(
      greeting,
      'somebody asked to reset the password of your account. To choose a new one, open this link:',
      '{{ link }}',
      linkFor,
      '{% if code %}Or enter this code, which is valid for {{ codeValidity }}: {{ code }}{% endif %}',
      'If it was not you, ignore this message: your password stays as it is.',
    ),
    html: lines(
      '<h1>Reset your password</h1>',
      `<p>${greeting} somebody asked to reset the password of your account.</p>`,
      button('Choose a new password'),
      code('Or enter this code, which is valid for {{ codeValidity }}:'),
      `<p>${linkFor} If it was not you, ignore this message: your password stays as it is.</p>`,
    ),
    short:
      '{{ service }}: {{ code }} is your code to reset your password, valid for {{ codeValidity }}. Never pass it on.',
  },
  'already-registered': {
    subject: 'You already have an account at {{ service }}',
    text: lines(
      greeting,
      'somebody tried to register at {{ service }} with this address, but it already belongs to your account.',
      'If it was you, just sign in. If you no longer know your password, you can set a new one here:',
      '{{ link }}',
      'If it was not you, there is nothing to do: your account is unchanged.',
    ),
    html: lines(
      '<h1>You already have an account</h1>',
      `<p>${greeting} somebody tried to register at {{ service }} with this address, but it already belongs to your account.</p>`,
      '<p>If it was you, just sign in. If you no longer know your password, you can set a new one.</p>',
      button('Set a new password'),
      '<p>If it was not you, there is nothing to do: your account is unchanged.</p>',
    ),
    short: '{{ service }}: you already have an account. Just sign in, or set a new password: {{ link }}',
  },
  'identifier-changed': {
    subject: `Your ${what} at {{ service }} was ${happened}`,
    text: lines(
      greeting,
      `the ${what} of your account at {{ service }} was ${happened} on {{ at }}.`,
      'If this was not you, contact the people who run {{ service }} at once: {{ url }}',
    ),
    html: lines(
      '<h1>Your account was changed</h1>',
      `<p>${greeting} the ${what} of your account was ${happened} on {{ at }}.</p>`,
      '<p>If this was not you, contact the people who run {{ service }} at once.</p>',
    ),
    short: `{{ service }}: the ${what} of your account was ${happened}. If this was not you, tell us at once.`,
  },
  'password-changed': {
    subject: 'Your password for {{ service }} was changed',
    text: lines(
      greeting,
      'the password of your account at {{ service }} was changed on {{ at }}.',
      `${notYou}: {{ link }}`,
    ),
    html: lines(
      '<h1>Your password was changed</h1>',
      `<p>${greeting} the password of your account was changed on {{ at }}.</p>`,
      `<p>${notYou}.</p>`,
      button('Set a new password'),
    ),
    short: '{{ service }}: your password was changed. If this was not you: {{ link }}',
  },
  'password-reset': {
    subject: 'Your password for {{ service }} was reset',
    text: lines(
      greeting,
      'the password of your account at {{ service }} was reset on {{ at }}. You have been signed out everywhere.',
      `${notYou}: {{ link }}`,
    ),
    html: lines(
      '<h1>Your password was reset</h1>',
      `<p>${greeting} the password of your account was reset on {{ at }}. You have been signed out everywhere.</p>`,
      `<p>${notYou}.</p>`,
      button('Set a new password'),
    ),
    short: '{{ service }}: your password was reset. If this was not you: {{ link }}',
  },
  'new-device': {
    subject: 'New sign-in to {{ service }}',
    text: lines(
      greeting,
      'your account was used on {{ at }} on a device that we had not seen before:',
      '{{ browser | default: "unknown browser" }}, {{ operatingSystem | default: "unknown system" }}{% if place %}, {{ place }}{% endif %}',
      'If this was not you, change your password and end that session at {{ url }}',
    ),
    html: lines(
      '<h1>New sign-in</h1>',
      `<p>${greeting} your account was used on {{ at }} on a device that we had not seen before:</p>`,
      '<p class="fact">{{ browser | default: "unknown browser" }}, {{ operatingSystem | default: "unknown system" }}{% if place %}, {{ place }}{% endif %}</p>',
      '<p>If this was not you, change your password and end that session.</p>',
    ),
  },
  'refresh-token-reused': {
    subject: 'We ended a session of yours at {{ service }}',
    text: lines(
      greeting,
      'on {{ at }} a key of one of your sessions at {{ service }} was used twice. Somebody may have copied it, so we ended that session.',
      'Please sign in again. If anything looks strange, change your password: {{ url }}',
    ),
    html: lines(
      '<h1>We ended a session of yours</h1>',
      `<p>${greeting} on {{ at }} a key of one of your sessions was used twice. Somebody may have copied it, so we ended that session.</p>`,
      '<p>Please sign in again. If anything looks strange, change your password.</p>',
    ),
  },
};
