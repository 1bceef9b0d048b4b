import type { Wordings } from './wording.js';
import { button, code, lines } from './wording.js';

const greeting = 'Guten Tag{% if name %} {{ name }}{% endif %},';
const linkFor = 'Der Link gilt {{ linkValidity }} und funktioniert einmal.';
const ignore = 'Wenn Sie das nicht veranlasst haben, können Sie diese Nachricht ignorieren.';
const notYou = 'Wenn Sie das nicht waren, setzen Sie sofort ein neues Passwort';
const whose =
  '{% case identifier %}{% when "email" %}Ihre E-Mail-Adresse{% when "phone" %}Ihre Telefonnummer{% else %}Ihr Benutzername{% endcase %}';
const whoseInText =
  '{% case identifier %}{% when "email" %}die E-Mail-Adresse{% when "phone" %}die Telefonnummer{% else %}der Benutzername{% endcase %}';
const happened = '{% if removed %}entfernt{% else %}geändert{% endif %}';

export const de: Wordings = {
  'verify-email': {
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse für {{ service }}',
    text: lines(
      'Guten Tag,',
      'bitte bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört:',
      '{{ link }}',
      linkFor,
      '{% if code %}Oder geben Sie diesen Code ein, er gilt {{ codeValidity }}: {{ code }}{% endif %}',
      ignore,
    ),
    html: lines(
      '<h1>E-Mail-Adresse bestätigen</h1>',
      '<p>Bitte bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört.</p>',
      button('E-Mail-Adresse bestätigen'),
      code('Oder geben Sie diesen Code ein, er gilt {{ codeValidity }}:'),
      `<p>${linkFor} ${ignore}</p>`,
    ),
  },
  'verify-phone': {
    short: '{{ service }}: {% if code %}{{ code }} ist Ihr Code, er gilt {{ codeValidity }}. {% endif %}{{ link }}',
  },
  invitation: {
    subject: 'Ihre Einladung zu {{ service }}',
    text: lines(
      'Guten Tag,',
      'für Sie wurde ein Konto bei {{ service }} vorbereitet. Nehmen Sie die Einladung an und wählen Sie, wie Sie sich anmelden:',
      '{{ link }}',
      linkFor,
      'Wenn Sie das nicht erwartet haben, können Sie diese Nachricht ignorieren.',
    ),
    html: lines(
      '<h1>Sie sind eingeladen</h1>',
      '<p>Für Sie wurde ein Konto bei {{ service }} vorbereitet. Nehmen Sie die Einladung an und wählen Sie, wie Sie sich anmelden.</p>',
      button('Einladung annehmen'),
      `<p>${linkFor} Wenn Sie das nicht erwartet haben, können Sie diese Nachricht ignorieren.</p>`,
    ),
    short: '{{ service }}: Ihre Einladung, gültig {{ linkValidity }}: {{ link }}',
  },
  'reset-password': {
    subject: 'Neues Passwort für {{ service }}',
    text: lines(
      greeting,
      'jemand möchte das Passwort Ihres Kontos zurücksetzen. Um ein neues zu wählen, öffnen Sie diesen Link:',
      '{{ link }}',
      linkFor,
      '{% if code %}Oder geben Sie diesen Code ein, er gilt {{ codeValidity }}: {{ code }}{% endif %}',
      'Wenn Sie das nicht waren, ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.',
    ),
    html: lines(
      '<h1>Passwort zurücksetzen</h1>',
      `<p>${greeting} jemand möchte das Passwort Ihres Kontos zurücksetzen.</p>`,
      button('Neues Passwort wählen'),
      code('Oder geben Sie diesen Code ein, er gilt {{ codeValidity }}:'),
      `<p>${linkFor} Wenn Sie das nicht waren, ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.</p>`,
    ),
    short:
      '{{ service }}: {{ code }} ist Ihr Code für ein neues Passwort, er gilt {{ codeValidity }}. Geben Sie ihn nie weiter.',
  },
  'already-registered': {
    subject: 'Sie haben bereits ein Konto bei {{ service }}',
    text: lines(
      greeting,
      'jemand wollte sich bei {{ service }} mit dieser Adresse registrieren, sie gehört aber schon zu Ihrem Konto.',
      'Wenn Sie das waren, melden Sie sich einfach an. Falls Sie Ihr Passwort nicht mehr wissen, setzen Sie hier ein neues:',
      '{{ link }}',
      'Wenn Sie das nicht waren, ist nichts zu tun: Ihr Konto ist unverändert.',
    ),
    html: lines(
      '<h1>Sie haben bereits ein Konto</h1>',
      `<p>${greeting} jemand wollte sich bei {{ service }} mit dieser Adresse registrieren, sie gehört aber schon zu Ihrem Konto.</p>`,
      '<p>Wenn Sie das waren, melden Sie sich einfach an. Falls Sie Ihr Passwort nicht mehr wissen, setzen Sie ein neues.</p>',
      button('Neues Passwort setzen'),
      '<p>Wenn Sie das nicht waren, ist nichts zu tun: Ihr Konto ist unverändert.</p>',
    ),
    short:
      '{{ service }}: Sie haben bereits ein Konto. Melden Sie sich an oder setzen Sie ein neues Passwort: {{ link }}',
  },
  'identifier-changed': {
    subject: `${whose} bei {{ service }} wurde ${happened}`,
    text: lines(
      greeting,
      `${whoseInText} Ihres Kontos bei {{ service }} wurde am {{ at }} ${happened}.`,
      'Wenn Sie das nicht waren, wenden Sie sich sofort an die Betreiber von {{ service }}: {{ url }}',
    ),
    html: lines(
      '<h1>Ihr Konto wurde geändert</h1>',
      `<p>${greeting} ${whoseInText} Ihres Kontos wurde am {{ at }} ${happened}.</p>`,
      '<p>Wenn Sie das nicht waren, wenden Sie sich sofort an die Betreiber von {{ service }}.</p>',
    ),
    short: `{{ service }}: ${whoseInText} Ihres Kontos wurde ${happened}. Wenn Sie das nicht waren, melden Sie sich sofort bei uns.`,
  },
  'password-changed': {
    subject: 'Ihr Passwort für {{ service }} wurde geändert',
    text: lines(
      greeting,
      'das Passwort Ihres Kontos bei {{ service }} wurde am {{ at }} geändert.',
      `${notYou}: {{ link }}`,
    ),
    html: lines(
      '<h1>Ihr Passwort wurde geändert</h1>',
      `<p>${greeting} das Passwort Ihres Kontos wurde am {{ at }} geändert.</p>`,
      `<p>${notYou}.</p>`,
      button('Neues Passwort setzen'),
    ),
    short: '{{ service }}: Ihr Passwort wurde geändert. Wenn Sie das nicht waren: {{ link }}',
  },
  'password-reset': {
    subject: 'Ihr Passwort für {{ service }} wurde zurückgesetzt',
    text: lines(
      greeting,
      'das Passwort Ihres Kontos bei {{ service }} wurde am {{ at }} zurückgesetzt. Sie wurden überall abgemeldet.',
      `${notYou}: {{ link }}`,
    ),
    html: lines(
      '<h1>Ihr Passwort wurde zurückgesetzt</h1>',
      `<p>${greeting} das Passwort Ihres Kontos wurde am {{ at }} zurückgesetzt. Sie wurden überall abgemeldet.</p>`,
      `<p>${notYou}.</p>`,
      button('Neues Passwort setzen'),
    ),
    short: '{{ service }}: Ihr Passwort wurde zurückgesetzt. Wenn Sie das nicht waren: {{ link }}',
  },
  'new-device': {
    subject: 'Neue Anmeldung bei {{ service }}',
    text: lines(
      greeting,
      'Ihr Konto wurde am {{ at }} auf einem Gerät verwendet, das wir noch nicht kannten:',
      '{{ browser | default: "unbekannter Browser" }}, {{ operatingSystem | default: "unbekanntes System" }}{% if place %}, {{ place }}{% endif %}',
      'Wenn Sie das nicht waren, ändern Sie Ihr Passwort und beenden Sie die Sitzung unter {{ url }}',
    ),
    html: lines(
      '<h1>Neue Anmeldung</h1>',
      `<p>${greeting} Ihr Konto wurde am {{ at }} auf einem Gerät verwendet, das wir noch nicht kannten:</p>`,
      '<p class="fact">{{ browser | default: "unbekannter Browser" }}, {{ operatingSystem | default: "unbekanntes System" }}{% if place %}, {{ place }}{% endif %}</p>',
      '<p>Wenn Sie das nicht waren, ändern Sie Ihr Passwort und beenden Sie die Sitzung.</p>',
    ),
  },
  'refresh-token-reused': {
    subject: 'Wir haben eine Ihrer Sitzungen bei {{ service }} beendet',
    text: lines(
      greeting,
      'am {{ at }} wurde ein Schlüssel einer Ihrer Sitzungen bei {{ service }} zweimal verwendet. Vielleicht hat ihn jemand kopiert, deshalb haben wir die Sitzung beendet.',
      'Bitte melden Sie sich neu an. Wenn Ihnen etwas seltsam vorkommt, ändern Sie Ihr Passwort: {{ url }}',
    ),
    html: lines(
      '<h1>Wir haben eine Sitzung beendet</h1>',
      `<p>${greeting} am {{ at }} wurde ein Schlüssel einer Ihrer Sitzungen zweimal verwendet. Vielleicht hat ihn jemand kopiert, deshalb haben wir die Sitzung beendet.</p>`,
      '<p>Bitte melden Sie sich neu an. Wenn Ihnen etwas seltsam vorkommt, ändern Sie Ihr Passwort.</p>',
    ),
  },
};
