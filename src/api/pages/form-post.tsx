import { Hidden } from './forms.js';
import { documentOf } from './html.js';

/** All that the document below runs; its policy allows nothing else. */
export const submission = 'document.forms[0].submit()';

/** OAuth 2.0 Form Post Response Mode section 2: a form that posts itself. */
export const formPostDocument = (action: string, fields: Readonly<Record<string, string>>): string =>
  documentOf(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>…</title>
      </head>
      <body>
        <form method="post" action={action}>
          <Hidden fields={fields} />
          <noscript>
            <button>Continue</button>
          </noscript>
        </form>
        <script>{submission}</script>
      </body>
    </html>,
  );
