import type { Wording } from './wording.js';

/** What people see where there is no page for what they wanted. */
export const deFailures: Pick<Wording, 'failures' | 'namedFailures'> = {
  failures: {
    400: {
      title: 'Das haben wir nicht verstanden',
      text: 'Der Link oder das Formular kam beschädigt an. Öffnen Sie den ganzen Link in unserer Nachricht noch einmal.',
    },
    401: { title: 'Bitte melden Sie sich an', text: 'Diese Seite ist für Menschen, die angemeldet sind.' },
    403: {
      title: 'Das ist nicht erlaubt',
      text: 'Wenn Sie meinen, dass es das sein sollte, wenden Sie sich an die Betreiber.',
    },
    404: { title: 'Hier ist nichts', text: 'Prüfen Sie die Adresse: Vielleicht fehlt ein Teil davon.' },
    405: {
      title: 'Hier ist nichts',
      text: 'Diese Adresse nimmt nur an, was eines unserer Formulare sendet. Öffnen Sie den Link in unserer Nachricht noch einmal.',
    },
    406: {
      title: 'Diese Seite haben wir nicht',
      text: 'Ihr Browser hat nach einer Form der Seite gefragt, die es nicht gibt.',
    },
    408: {
      title: 'Das hat zu lange gedauert',
      text: 'Ihre Verbindung scheint langsam zu sein. Bitte versuchen Sie es noch einmal.',
    },
    409: {
      title: 'Das geht gerade nicht',
      text: 'Inzwischen hat sich etwas geändert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.',
    },
    410: { title: 'Das gibt es nicht mehr', text: 'Das Konto wurde gelöscht und mit ihm alles, was dazugehörte.' },
    412: {
      title: 'Inzwischen hat sich etwas geändert',
      text: 'Laden Sie die Seite neu und versuchen Sie es noch einmal.',
    },
    413: { title: 'Das war zu viel', text: 'Was Sie gesendet haben, ist größer als alles, was diese Seite annimmt.' },
    414: {
      title: 'Die Adresse ist zu lang',
      text: 'Öffnen Sie den ganzen Link in unserer Nachricht noch einmal, ohne etwas hinzuzufügen.',
    },
    415: {
      title: 'Das haben wir nicht verstanden',
      text: 'Diese Seite nimmt nur an, was ihr eigenes Formular sendet.',
    },
    422: {
      title: 'Etwas fehlt oder stimmt nicht',
      text: 'Gehen Sie zurück, prüfen Sie Ihre Eingaben und versuchen Sie es noch einmal.',
    },
    428: { title: 'Etwas fehlt', text: 'Laden Sie die Seite neu und versuchen Sie es noch einmal.' },
    429: {
      title: 'Bitte warten Sie einen Augenblick',
      text: 'Aus Ihrem Netz kamen zu viele Anfragen. Versuchen Sie es in einer Minute noch einmal.',
    },
    431: {
      title: 'Das haben wir nicht verstanden',
      text: 'Ihr Browser hat mehr gesendet, als wir annehmen. Versuchen Sie es mit einem anderen Browser oder einem privaten Fenster.',
    },
    500: {
      title: 'Bei uns ist etwas schiefgegangen',
      text: 'Das ist unser Fehler, nicht Ihrer. Bitte versuchen Sie es später noch einmal.',
    },
    503: {
      title: 'Wir können gerade nicht antworten',
      text: 'Bitte versuchen Sie es in ein paar Sekunden noch einmal. Es ist nichts verloren.',
    },
  },
  namedFailures: {
    'cross-site': {
      title: 'Bitte benutzen Sie unser eigenes Formular',
      text: 'Was Sie gesendet haben, kam nicht von unserer Seite, oder Ihr Browser ist zu alt, um das zu sagen. Öffnen Sie den Link in unserer Nachricht noch einmal.',
    },
    'tenant-suspended': {
      title: 'Vorübergehend geschlossen',
      text: 'Die Betreiber haben diesen Dienst angehalten. Es wurde nichts gelöscht.',
    },
  },
};
