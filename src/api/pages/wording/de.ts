import type { AddressKind } from '../../../application/verification.js';
import { inTime } from './durations.js';
import { dePortal } from './de-portal.js';
import { deFailures } from './de-failures.js';
import type { VerificationWording, Wording } from './wording.js';

/** Never broken in two. */
const email = 'E\u2011Mail';
const dead = 'Vielleicht ist er abgelaufen, wurde schon benutzt oder durch einen neueren ersetzt.';

type Nouns = Readonly<{ your: string; this: string; what: string; message: string; aNew: string; where: string }>;

const verification = ({ your, this: these, what, message, aNew, where }: Nouns): VerificationWording => ({
  confirm: {
    title: `${what} bestätigen`,
    text: `Jemand, vermutlich Sie, möchte ${these} hier verwenden:`,
    button: `${what} bestätigen`,
    unexpected: 'Das waren nicht Sie? Dann schließen Sie diese Seite, und es geschieht nichts.',
  },
  enterCode: {
    title: `${what} bestätigen`,
    text: `Geben Sie ${your} und den Code aus der ${message} ein, die wir Ihnen geschickt haben.`,
    button: 'Bestätigen',
  },
  sent: {
    title: 'Die Nachricht ist unterwegs',
    text: `Wenn ${these} auf Bestätigung wartet, kommt in wenigen Minuten ${aNew} an. ${where}`,
  },
  askForMessage: {
    title: 'Neue Nachricht senden',
    text: `Wir schicken Ihnen ${aNew}, mit der Sie ${your} bestätigen können.`,
    button: 'Senden',
    link: `Keine ${message} bekommen? Neue senden`,
  },
  confirmed: {
    title: `${what} bestätigt`,
    text: 'Sie können diese Seite schließen und sich dort anmelden, wo Sie hergekommen sind.',
  },
  deadLink: {
    title: 'Dieser Link gilt nicht mehr',
    text: `${dead} Wenn Sie ${your} schon bestätigt haben, ist nichts weiter zu tun.`,
  },
});

const byKind: Readonly<Record<AddressKind, VerificationWording>> = {
  email: verification({
    your: `Ihre ${email}-Adresse`,
    this: `diese ${email}-Adresse`,
    what: `${email}-Adresse`,
    message: email,
    aNew: `eine neue ${email}`,
    where: 'Sehen Sie auch im Spam-Ordner nach. Links aus früheren Nachrichten gelten weiter.',
  }),
  phone: verification({
    your: 'Ihre Telefonnummer',
    this: 'diese Telefonnummer',
    what: 'Telefonnummer',
    message: 'SMS',
    aNew: 'eine neue SMS',
    where: '',
  }),
};

export const de: Wording = {
  language: 'de',
  fields: {
    email: { label: 'E-Mail-Adresse', invalid: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.' },
    firstName: { label: 'Vorname', invalid: 'Geben Sie Ihren Vornamen ein.' },
    lastName: { label: 'Nachname', invalid: 'Geben Sie Ihren Nachnamen ein.' },
    username: {
      label: 'Benutzername',
      invalid: 'Geben Sie einen Benutzernamen ein: Buchstaben, Ziffern, Punkte, Binde- und Unterstriche.',
    },
    phone: {
      label: 'Telefonnummer',
      hint: 'Mit Ländervorwahl, zum Beispiel +49 30 123456.',
      invalid: 'Geben Sie eine Telefonnummer mit Ländervorwahl ein, zum Beispiel +49 30 123456.',
    },
    identifier: {
      label: 'E-Mail-Adresse, Benutzername oder Telefonnummer',
      invalid: 'Geben Sie die E-Mail-Adresse, den Benutzernamen oder die Telefonnummer ein, womit Sie sich anmelden.',
    },
    code: {
      label: 'Code',
      hint: 'Die sechs Ziffern in unserer Nachricht.',
      invalid: 'Geben Sie die sechs Ziffern aus unserer Nachricht ein.',
    },
    current: { label: 'Passwort', invalid: 'Geben Sie Ihr Passwort ein.' },
    password: { label: 'Neues Passwort', invalid: 'Wählen Sie ein anderes Passwort.' },
    repeated: { label: 'Neues Passwort wiederholen', invalid: 'Die beiden Passwörter sind nicht gleich.' },
  },
  passwordHint: ({ minLength }) =>
    `Mindestens ${minLength} Zeichen. Mehrere Wörter hintereinander sind leicht zu merken und schwer zu erraten.`,
  passwordViolations: {
    'password-not-text': () => 'Das Passwort enthält Zeichen, die kein Text sind.',
    'password-too-short': ({ minLength }) => `Verwenden Sie mindestens ${minLength} Zeichen.`,
    'password-too-long': ({ maxLength }) => `Verwenden Sie höchstens ${maxLength} Zeichen.`,
    'password-too-few-classes': ({ classes }) =>
      `Verwenden Sie mindestens ${classes} von: Kleinbuchstaben, Großbuchstaben, Ziffern, andere Zeichen.`,
    'password-contains-context-word': () => 'Lassen Sie Ihren Namen, Ihre Adresse und den Namen dieses Dienstes weg.',
    'password-blocked': () => 'Dieses Passwort probieren Angreifer zuerst. Wählen Sie ein anderes.',
    'password-too-weak': () => 'Dieses Passwort ist leicht zu erraten. Machen Sie es länger oder weniger vorhersehbar.',
    'password-reused': ({ history }) =>
      history > 1
        ? `Wählen Sie eines, das nicht unter Ihren letzten ${history} Passwörtern ist.`
        : 'Wählen Sie ein anderes Passwort als bisher.',
  },
  refusals: {
    busy: 'Im Augenblick ist sehr viel los. Versuchen Sie es in ein paar Sekunden noch einmal: Es ist nichts verloren.',
    'identifier-taken': 'Das verwendet hier schon jemand.',
    'invalid-fields': 'Bitte korrigieren Sie, was unten markiert ist.',
    'invalid-flow': 'Das hat zu lange gedauert. Bitte melden Sie sich noch einmal an.',
    'invalid-proof': 'Der Code ist falsch, zu alt oder wurde schon benutzt.',
    'too-many-attempts': 'Das waren zu viele Versuche. Warten Sie eine Weile, bevor Sie es noch einmal versuchen.',
    'too-many-messages':
      'Wir haben fürs Erste genug Nachrichten geschickt. Versuchen Sie es in einer Stunde noch einmal.',
    'wrong-credentials': 'Der Name oder das Passwort ist falsch.',
    'wrong-password': 'Das Passwort ist falsch.',
    'already-verified': 'Das ist schon bestätigt.',
    'nothing-to-verify': 'Es gibt nichts zu bestätigen.',
    'no-such-session': 'Diese Sitzung ist schon beendet.',
    'no-password': 'Sie haben noch kein Passwort. Fordern Sie eine Nachricht an, mit der Sie eines wählen können.',
  },
  waiting: (seconds) => `Das waren zu viele Versuche. Versuchen Sie es ${inTime('de', seconds)} noch einmal.`,
  optional: 'freiwillig',
  footer: { support: 'Hilfe', terms: 'Nutzungsbedingungen', privacy: 'Datenschutz' },
  showPassword: 'Passwort anzeigen',
  hidePassword: 'Passwort verbergen',
  errorInTitle: 'Fehler: ',
  account: 'Ihr Konto',
  verification: byKind,
  reset: {
    choose: {
      title: 'Neues Passwort wählen',
      text: 'Sie werden überall abgemeldet, und wir teilen Ihnen mit, dass Ihr Passwort geändert wurde.',
      button: 'Passwort ändern',
    },
    ask: {
      title: 'Passwort vergessen?',
      text: 'Sagen Sie uns, womit Sie sich anmelden. Wir schicken Ihnen eine Nachricht, mit der Sie ein neues Passwort wählen können.',
      button: 'Nachricht senden',
      link: 'Keine Nachricht bekommen? Neue senden',
    },
    enterCode: {
      title: 'Neues Passwort wählen',
      text: 'Geben Sie den Code aus unserer Nachricht ein und das Passwort, das von jetzt an gelten soll.',
      button: 'Passwort ändern',
      link: 'Ich habe einen Code',
    },
    sent: {
      title: 'Sehen Sie in Ihre Nachrichten',
      text: 'Wenn es ein solches Konto gibt, kommt in wenigen Minuten eine Nachricht mit einem Link oder Code an. Sehen Sie auch im Spam-Ordner nach. Links aus der letzten Stunde gelten ebenfalls.',
    },
    changed: {
      title: 'Ihr Passwort wurde geändert',
      text: 'Sie wurden überall abgemeldet. Melden Sie sich jetzt mit dem neuen Passwort an.',
    },
    deadLink: { title: 'Dieser Link gilt nicht mehr', text: `${dead} Sie können jederzeit einen neuen anfordern.` },
  },
  signIn: {
    title: 'Anmelden',
    text: (name) => `Melden Sie sich an, um mit ${name} weiterzumachen.`,
    button: 'Weiter',
    finish: 'Anmelden',
    other: 'Jemand anderes',
    forgotten: 'Passwort vergessen?',
    register: 'Konto anlegen',
    resend: 'Neuen Code senden',
    resent: 'Wenn eine Adresse noch zu bestätigen ist, ist ein neuer Code unterwegs.',
    renew: {
      title: 'Neues Passwort wählen',
      text: 'Wählen Sie ein anderes Passwort, bevor es weitergeht. Das alte darf nicht mehr verwendet werden.',
      button: 'Passwort ändern und anmelden',
    },
    verify: {
      title: 'Adresse bestätigen',
      text: 'Geben Sie den Code aus der Nachricht ein, die wir Ihnen geschickt haben.',
      button: 'Bestätigen und anmelden',
    },
    dead: {
      title: 'Das hat zu lange gedauert',
      text: 'Gehen Sie zur Anwendung zurück und melden Sie sich noch einmal an. Es ist nichts verloren.',
    },
  },
  register: {
    title: 'Konto anlegen',
    text: (name) => `Legen Sie ein Konto an, um mit ${name} weiterzumachen.`,
    button: 'Konto anlegen',
    known: 'Ich habe schon ein Konto',
    sent: 'Wir haben Ihnen eine Nachricht geschickt. Geben Sie den Code daraus ein, dann sind Sie angemeldet. Falls Sie schon ein Konto haben, steht das in der Nachricht.',
    closed: {
      title: 'Hier kann man sich nicht selbst anmelden',
      text: 'Konten legen die Betreiber dieses Dienstes an. Bitten Sie sie um eine Einladung.',
    },
  },
  selectAccount: {
    title: 'Konto wählen',
    text: 'Sie sind angemeldet als:',
    button: 'Mit diesem Konto weiter',
    other: 'Anderes Konto verwenden',
  },
  device: {
    title: 'Gerät verbinden',
    text: 'Geben Sie den Code ein, den das Gerät zeigt. Nur weiter, wenn es Ihr Gerät ist und vor Ihnen steht.',
    label: 'Code des Geräts',
    button: 'Weiter',
    wrong: 'Kein Gerät zeigt diesen Code, oder nicht mehr. Sehen Sie noch einmal nach, oder beginnen Sie am Gerät neu.',
    done: { title: 'Zurück zu Ihrem Gerät', text: 'Sie können diese Seite schließen.' },
  },
  signOut: {
    title: 'Abmelden?',
    text: 'Sie werden hier abgemeldet. Anwendungen, die Sie nutzen, bitten Sie vielleicht, sich neu anzumelden.',
    button: 'Abmelden',
    done: { title: 'Sie sind abgemeldet', text: 'Sie können diese Seite schließen.' },
  },
  consent: {
    title: (application) => `${application} möchte wissen, wer Sie sind`,
    text: 'Wenn Sie zustimmen, erfährt die Anwendung:',
    remembered: (account) =>
      `Sie sind angemeldet als ${account}. Wenn Sie zugestimmt haben, werden Sie nicht noch einmal gefragt.`,
    agree: 'Zustimmen',
    deny: 'Abbrechen',
    scopes: {
      openid: 'dass Sie es sind',
      profile: 'Ihren Namen, Ihr Bild und Ihre Sprache',
      email: 'Ihre E\u2011Mail-Adresse',
      phone: 'Ihre Telefonnummer',
      address: 'Ihre Anschrift',
      offline_access: 'all das auch dann, wenn Sie nicht da sind',
    },
  },
  portal: dePortal,
  authorizationRefused: {
    title: 'Diese Anwendung hat Sie irrtümlich hergeschickt',
    text: 'Was sie verlangt, passt nicht zusammen. Gehen Sie zurück und versuchen Sie es noch einmal, oder sagen Sie es den Betreibern der Anwendung.',
    forDevelopers: 'Für Entwickler',
  },
  invitation: {
    accept: {
      title: 'Einladung annehmen',
      text: 'Ihr Konto ist vorbereitet. Wählen Sie das Passwort, mit dem Sie sich anmelden wollen.',
      button: 'Einladung annehmen',
    },
    accepted: {
      title: 'Willkommen',
      text: 'Ihr Konto ist bereit. Sie können sich jetzt mit Ihrem Passwort anmelden.',
    },
    deadLink: {
      title: 'Diese Einladung gilt nicht mehr',
      text: 'Vielleicht ist sie abgelaufen oder durch eine neuere ersetzt. Wenn Sie sie schon angenommen haben, melden Sie sich einfach an. Sonst bitten Sie um eine neue Einladung.',
    },
  },
  setup: {
    create: {
      title: 'Erstes Administrationskonto anlegen',
      text: 'Dieses Konto verwaltet die ganze Installation: Es legt Mandanten an und erreicht jeden von ihnen.',
      button: 'Konto anlegen',
    },
    done: {
      title: 'Die Installation ist bereit',
      text: 'Ihr Konto verwaltet sie. Was Sie jetzt tun können, zeigt die API-Referenz. So melden Sie sich an:',
      example: 'Ihr Passwort',
    },
    deadLink: {
      title: 'Dieser Link gilt nicht mehr',
      text: `${dead} Solange niemand die Installation verwaltet, gibt jeder Start des Dienstes einen neuen Link aus.`,
    },
  },
  service: {
    title: 'Annal läuft',
    text: 'Dieser Dienst meldet Menschen an und führt fortlaufend Buch über jede Anmeldung, jedes Token und jede Änderung.',
    reference: 'API-Referenz',
    problems: 'Was jedes Problem bedeutet',
    mailbox: 'Postfach für die Entwicklung: Nachrichten landen hier, statt verschickt zu werden',
    standardTenant: 'Seiten des Mandanten „default“',
  },
  tenant: {
    title: 'Konten',
    text: (name) => `Hier werden die Konten von ${name} geführt.`,
    reset: 'Passwort vergessen?',
    verify: 'E-Mail-Adresse mit einem Code bestätigen',
    reference: 'API-Referenz',
  },
  ...deFailures,
  reference: 'Kennung',
};
