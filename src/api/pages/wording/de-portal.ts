import type { Wording } from './wording.js';

/** What people read about their own account. */
export const dePortal: Wording['portal'] = {
  title: 'Mein Konto',
  text: 'Sie melden sich an mit:',
  links: {
    profile: 'Ihr Name',
    email: 'E-Mail-Adresse',
    phone: 'Telefonnummer',
    password: 'Passwort',
    sessions: 'Wo ich angemeldet bin',
    history: 'Anmeldungen',
    signOut: 'Abmelden',
  },
  confirmed: 'bestätigt',
  waiting: 'noch nicht bestätigt',
  back: 'Zurück zu meinem Konto',
  profile: {
    title: 'Wie Sie heißen',
    text: 'Diesen Namen erfahren Anwendungen, die wissen dürfen, wer Sie sind.',
    button: 'Speichern',
  },
  password: {
    title: 'Passwort ändern',
    text: 'Sie werden überall sonst abgemeldet, und wir teilen Ihnen mit, dass Ihr Passwort geändert wurde.',
    button: 'Passwort ändern',
  },
  address: {
    email: {
      change: {
        title: 'E-Mail-Adresse ändern',
        text: 'Die neue Adresse gilt, sobald Sie sie bestätigt haben. Bis dahin bleibt alles, wie es ist.',
        button: 'Code senden',
      },
      prove: {
        title: 'Eine Adresse wartet',
        text: 'Geben Sie den Code ein, den wir geschickt haben an:',
        button: 'Bestätigen',
      },
    },
    phone: {
      change: {
        title: 'Telefonnummer ändern',
        text: 'Die neue Nummer gilt, sobald Sie sie bestätigt haben. Bis dahin bleibt alles, wie es ist.',
        button: 'Code senden',
      },
      prove: {
        title: 'Eine Nummer wartet',
        text: 'Geben Sie den Code ein, den wir geschickt haben an:',
        button: 'Bestätigen',
      },
    },
  },
  sessions: {
    title: 'Wo Sie angemeldet sind',
    text: 'Beenden Sie, was Sie nicht kennen, und ändern Sie danach Ihr Passwort.',
    here: 'dieser Browser',
    end: 'Beenden',
    others: 'Überall abmelden',
  },
  history: {
    title: 'Ihre Anmeldungen',
    text: 'Die neuesten, und die Versuche, die misslangen.',
    outcomes: { succeeded: 'Angemeldet', failed: 'Falsches Passwort', refused: 'Nicht eingelassen' },
    none: 'Es gibt noch keine.',
    later: 'Die Liste wird gerade erstellt. Sehen Sie in einigen Minuten wieder nach.',
  },
  signOut: {
    title: 'Abmelden?',
    text: 'Sie können nur diesen Browser abmelden oder alles beenden, was angemeldet ist.',
    button: 'Hier abmelden',
    everywhere: 'Überall abmelden',
  },
};
